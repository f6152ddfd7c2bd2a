namespace MerchantPortal.Data;

/// <summary>A row whose every change raises <see cref="Version"/>; a change made on an old version is refused.</summary>
public interface IVersioned
{
    int Version { get; set; }
}
