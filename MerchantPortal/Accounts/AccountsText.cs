namespace MerchantPortal.Accounts;

/// <summary>Names the texts of set-up, sign-in and password pages.</summary>
public sealed class AccountsText;
