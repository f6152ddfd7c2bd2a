using MerchantPortal.Data;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Channels;

/// <summary>A merchant's account at a gateway. Its keys are stored encrypted and never leave again.</summary>
public sealed class ChannelAccount : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    /// <summary>The channel's public name, e.g. <c>wechat-v3</c>.</summary>
    public required string Channel { get; init; }

    public required string Name { get; set; }

    public required PaymentMode Mode { get; init; }

    /// <summary>The gateway's name for the merchant (mchid, seller_id, partner), shown to staff.</summary>
    public required string MerchantId { get; set; }

    /// <summary>The gateway's name for the app; empty where the channel has none.</summary>
    public required string AppId { get; set; }

    /// <summary>The form's fields as JSON, sealed by <see cref="Data.SecretBox"/>.</summary>
    public required byte[] SealedCredentials { get; set; }

    /// <summary>JSON object: name of a key → what may be shown of it.</summary>
    public required string FingerprintsJson { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>When the gateway's keys were last downloaded; null while they never were, or the form has changed since.</summary>
    public DateTimeOffset? PlatformKeysAt { get; set; }

    /// <summary>Nobody downloads them again before this moment; null: at once.</summary>
    public DateTimeOffset? PlatformKeysNotBefore { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Concurrency token; an open channel is built anew when it has changed.</summary>
    public int Version { get; set; }
}
