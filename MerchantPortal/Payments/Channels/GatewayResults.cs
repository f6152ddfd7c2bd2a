using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels;

/// <summary>What came of asking a gateway to create a payment.</summary>
public abstract record CreateResult
{
    /// <summary>The gateway accepted it (or, for redirects, will when the browser arrives).</summary>
    public sealed record Prompted(PaymentPrompt Prompt) : CreateResult;

    /// <summary>The gateway said no for good.</summary>
    /// <param name="Code">The gateway's own code, e.g. <c>NO_AUTH</c>.</param>
    /// <param name="Message">Its words, for staff.</param>
    public sealed record Refused(string Code, string Message) : CreateResult;

    /// <summary>Cannot tell: time-out, 5xx, unsigned or wrongly signed answer. Repeat with the same number, or query.</summary>
    public sealed record Unknown(string Reason) : CreateResult;
}

/// <summary>What a gateway says of one of our numbers.</summary>
public abstract record QueryResult
{
    /// <summary>A signed answer, in the same form as a notification, so that the same decision takes it.</summary>
    public sealed record Known(VerifiedNotification Notification) : QueryResult;

    /// <summary>The gateway does not know the number. Nobody can have paid it yet; at Alipay that is normal until the buyer arrives.</summary>
    public sealed record NotFound : QueryResult;

    /// <summary>Cannot tell. Changes nothing.</summary>
    public sealed record Unknown(string Reason) : QueryResult;
}

/// <summary>What came of closing one of our numbers at the gateway.</summary>
public abstract record CloseResult
{
    /// <summary>Nobody can pay it any more.</summary>
    public sealed record Closed : CloseResult;

    /// <summary>The gateway does not know the number, so there was nothing to close.</summary>
    public sealed record NotFound : CloseResult;

    /// <summary>Too late: it has been paid. Query to learn of the payment.</summary>
    public sealed record AlreadyPaid : CloseResult;

    /// <summary>
    /// The gateway has no way to close: it ends by its own last moment (<see cref="CreatePayment.ExpiresAt"/>), and until then a buyer
    /// may pay. Told without asking, so it says nothing of how things stand.
    /// </summary>
    public sealed record OnlyExpires : CloseResult;

    /// <summary>Cannot tell. Changes nothing.</summary>
    public sealed record Unknown(string Reason) : CloseResult;
}

/// <summary>What a gateway says of a refund: the same for asking for it and for asking how it stands.</summary>
public abstract record RefundResult
{
    /// <summary>It has ended, or needs a hand at the gateway: in the same form as a notification, so that the same decision takes it.</summary>
    public sealed record Told(VerifiedNotification Notification) : RefundResult;

    /// <summary>The gateway has taken it and has not paid it out yet.</summary>
    /// <param name="ChannelRefundId">Their number; null where they have told none.</param>
    public sealed record Processing(string? ChannelRefundId) : RefundResult;

    /// <summary>The gateway said no for good: no money has moved under this number.</summary>
    /// <param name="Code">The gateway's own code, or one of <see cref="Refunds.RefundFailures"/>.</param>
    public sealed record Refused(string Code, string Message) : RefundResult;

    /// <summary>Not now (the balance is too small): the same number may be sent again later.</summary>
    public sealed record Postponed(string Code, string Message) : RefundResult;

    /// <summary>The gateway knows no refund of this number.</summary>
    public sealed record NotFound : RefundResult;

    /// <summary>Cannot tell. The money may have moved; ask, or repeat with the same number.</summary>
    public sealed record Unknown(string Reason) : RefundResult;
}
