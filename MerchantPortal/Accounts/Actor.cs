namespace MerchantPortal.Accounts;

/// <summary>Who does something, in which store. Every command takes one; it is what timelines and audit rows name.</summary>
/// <param name="StoreId">The store that the actor acts in. Nothing outside it is visible to the command.</param>
/// <param name="Kind">A person, an API key, a gateway, or the portal itself.</param>
/// <param name="Id">User id, API key id, channel account id; empty for the portal itself.</param>
/// <param name="Name">Shown to people.</param>
public sealed record Actor(Guid StoreId, ActorKind Kind, string Id, string Name)
{
    public static Actor System(Guid storeId) => new(storeId, ActorKind.System, "", "MerchantPortal");

    public static Actor Buyer(Guid storeId) => new(storeId, ActorKind.Buyer, "", "buyer");

    public static Actor Gateway(Guid storeId, Guid accountId, string channel) =>
        new(storeId, ActorKind.Gateway, accountId.ToString("N"), channel);
}

public enum ActorKind
{
    Person,
    ApiKey,
    Buyer,
    Gateway,
    System,
}
