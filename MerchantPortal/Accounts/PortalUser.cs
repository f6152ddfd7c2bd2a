using Microsoft.AspNetCore.Identity;

namespace MerchantPortal.Accounts;

/// <summary>A person who signs in.</summary>
public sealed class PortalUser : IdentityUser<Guid>
{
    /// <summary>The store that the person works in.</summary>
    public Guid StoreId { get; set; }

    public string DisplayName { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public Actor AsActor() => new(StoreId, ActorKind.Person, Id.ToString(), DisplayName);
}
