namespace MerchantPortal.Audit;

/// <summary>Stable names of privileged acts; the audit page words each.</summary>
public static class AuditActions
{
    public const string OwnerCreated = "owner.created";
    public const string PasswordChanged = "password.changed";
    public const string StoreChanged = "store.changed";
    public const string EmbedOriginsChanged = "embed_origins.changed";
    public const string ChannelAccountSaved = "channel_account.saved";
    public const string ChannelAccountDisabled = "channel_account.disabled";
    public const string ChannelAccountEnabled = "channel_account.enabled";
    public const string ApiKeyCreated = "api_key.created";
    public const string ApiKeyRevoked = "api_key.revoked";
    public const string CallbackReplayed = "callback.replayed";
    public const string TestPaymentMade = "channel_account.tested";
    public const string ProductPriceChanged = "product.price_changed";
    public const string OrderClosed = "order.closed";
    public const string RefundRequested = "refund.requested";
    public const string CaseAssigned = "case.assigned";
    public const string CaseResolved = "case.resolved";
    public const string DifferenceResolved = "difference.resolved";
    public const string BillUploaded = "bill.uploaded";
    public const string DayClosed = "day.closed";
}
