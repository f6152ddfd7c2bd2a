using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

/// <summary>What asking the gateway has brought, as a sentence that stays on the page.</summary>
internal static class QueryWords
{
    public static (string Tone, string Sentence) Of(QueryOutcome outcome, IStringLocalizer<OrdersText> text) => outcome switch
    {
        QueryOutcome.NotAtGateway => ("info", text["QueryNotAtGateway"].Value),
        QueryOutcome.CannotTell unclear => ("warn", text["QueryCannotTell", unclear.Reason].Value),
        QueryOutcome.Answered { Outcome: CallbackStatus.Quarantined } answered => ("warn", text["QueryQuarantined", answered.Reason].Value),
        QueryOutcome.Answered { Said: NotificationKind.PaymentSucceeded, Outcome: CallbackStatus.Applied } => ("ok", text["QueryFoundPaid"].Value),
        QueryOutcome.Answered { Said: NotificationKind.PaymentSucceeded } => ("ok", text["QueryPaidKnown"].Value),
        QueryOutcome.Answered { Said: NotificationKind.PaymentClosed } => ("info", text["QueryClosed"].Value),
        _ => ("info", text["QueryNotPaid"].Value),
    };
}
