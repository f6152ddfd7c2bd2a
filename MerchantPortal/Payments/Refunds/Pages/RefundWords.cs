using MerchantPortal.Shell;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Payments.Refunds.Pages;

/// <summary>How a refund stands, in words.</summary>
internal static class RefundWords
{
    public static StatusTone Tone(Refund refund) => refund.Status switch
    {
        RefundStatus.Requested => refund.FailureCode is null ? StatusTone.Info : StatusTone.Warn,
        RefundStatus.Processing => StatusTone.Info,
        RefundStatus.Succeeded => StatusTone.Ok,
        RefundStatus.Failed or RefundStatus.Abnormal => StatusTone.Bad,
        RefundStatus.Closed => StatusTone.Wait,
    };

    /// <summary>What is going on, and why, in one sentence.</summary>
    public static string Explain(Refund refund, IStringLocalizer<RefundsText> text) =>
        refund.FailureCode is not { } code ? text[$"Explain{refund.Status}"]
        : text[$"Failure_{code}"] is { ResourceNotFound: false } known ? known.Value
        : text["FailureOther", code, refund.FailureReason ?? ""];

    /// <summary>What a person can do about it; null when nothing is needed.</summary>
    public static string? Next(Refund refund, IStringLocalizer<RefundsText> text) =>
        refund.FailureCode is not { } code ? null
        : text[$"Next_{code}"] is { ResourceNotFound: false } known ? known.Value
        : refund.HoldsMoney ? null : text["NextRefundAgain"].Value;
}
