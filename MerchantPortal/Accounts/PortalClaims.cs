namespace MerchantPortal.Accounts;

/// <summary>Claim types of a signed-in person, beside those of the framework.</summary>
public static class PortalClaims
{
    public const string StoreId = "store";
    public const string DisplayName = "display_name";

    /// <summary>When the person gave the password, as Unix seconds; sliding renewals keep it.</summary>
    public const string SignedInAt = "signed_in_at";
}
