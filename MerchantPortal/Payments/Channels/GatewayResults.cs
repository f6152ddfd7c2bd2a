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
