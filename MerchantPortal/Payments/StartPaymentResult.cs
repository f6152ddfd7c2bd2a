namespace MerchantPortal.Payments;

public abstract record StartPaymentResult
{
    public sealed record Started(PaymentAttempt Attempt) : StartPaymentResult;

    /// <param name="Code">Stable, or the gateway's own code.</param>
    public sealed record Refused(string Code, string Message) : StartPaymentResult
    {
        public static readonly Refused UnknownOrder = new("order_unknown", "There is no such order.");
        public static readonly Refused UnknownAccount = new("channel_account_unknown", "There is no such channel account, or it is disabled.");
        public static readonly Refused ModeMismatch = new("mode_mismatch", "Test orders are paid through test accounts only, live orders through live ones.");
        public static readonly Refused MethodNotSupported = new("method_not_supported", "The channel does not offer this method.");
        public static readonly Refused UnknownBank = new("bank_unknown", "The bank is not one of those that the channel offers.");
        public static readonly Refused NotPayable = new("order_not_payable", "The order is paid or closed, or is being paid another way.");
        public static readonly Refused Expired = new("order_expired", "The order has expired; renew it first.");
    }

    /// <summary>The gateway did not say. Trying again is safe: it uses the same number.</summary>
    public sealed record CannotTell(string Reason) : StartPaymentResult;
}
