using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels;

/// <param name="ContentType">Null when the body is empty.</param>
public sealed record Acknowledgement(int StatusCode, string? ContentType, string Body)
{
    /// <summary>For the gateways that read one word: <c>success</c> ends the repeats, <c>fail</c> asks for one more.</summary>
    public static Acknowledgement Word(CallbackStatus outcome) => new(StatusCodes.Status200OK, "text/plain", outcome switch
    {
        CallbackStatus.Applied => "success",
        CallbackStatus.Duplicate => "success",
        CallbackStatus.Ignored => "success",
        CallbackStatus.Quarantined => "success",
        CallbackStatus.Deferred => "fail",
        CallbackStatus.Rejected => "fail",
    });
}
