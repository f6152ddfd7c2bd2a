namespace MerchantPortal.Payments.Refunds;

/// <summary>Stable codes for why a refund cannot be made, or did not go through. The README lists each; the gateway's own codes stand beside them.</summary>
public static class RefundFailures
{
    /// <summary>The channel has no way to refund by a call.</summary>
    public const string NotOffered = "refund_not_offered";

    /// <summary>The account has no client certificate, without which WeChat Pay v2 lets no money out.</summary>
    public const string CertificateMissing = "client_certificate_missing";

    /// <summary>The gateway wants a person to type the payment password.</summary>
    public const string PasswordNeeded = "password_needed";

    /// <summary>The account's keys were sealed under another master key.</summary>
    public const string AccountUnreadable = "account_unreadable";

    /// <summary>The gateway has another refund under this number.</summary>
    public const string NumberTaken = "refund_no_taken";

    /// <summary>The merchant's balance at the gateway is too small.</summary>
    public const string BalanceTooSmall = "balance_too_small";

    /// <summary>The gateway has not said what became of it.</summary>
    public const string Unclear = "gateway_unclear";

    /// <summary>The gateway ended it without moving money.</summary>
    public const string ClosedAtGateway = "closed_at_gateway";

    /// <summary>The buyer's account cannot take the money: a person must act in the gateway's console.</summary>
    public const string NeedsHandAtGateway = "needs_hand_at_gateway";
}
