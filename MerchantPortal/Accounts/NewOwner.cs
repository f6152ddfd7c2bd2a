namespace MerchantPortal.Accounts;

/// <summary>What set-up asks for: the store and its owner.</summary>
/// <param name="DayStartsAtHour">0–23, store time.</param>
/// <param name="ApiKey">A first API key with all scopes, or null. Unattended first start only.</param>
public sealed record NewOwner(
    string StoreName, string TimeZone, int DayStartsAtHour, string Language, string DisplayName, string Email, string Password, string? ApiKey = null);

/// <summary>What became of <see cref="CreateOwner"/>.</summary>
public abstract record CreateOwnerResult
{
    private CreateOwnerResult()
    {
    }

    public sealed record Created(Guid UserId) : CreateOwnerResult;

    /// <summary>Somebody was first; nothing has been written.</summary>
    public sealed record AlreadyOwned : CreateOwnerResult;

    /// <param name="Codes">One per fault, e.g. <c>email</c>, <c>password_too_short</c>.</param>
    public sealed record Invalid(IReadOnlyList<string> Codes) : CreateOwnerResult;
}
