using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Every reason that a callback can have.</summary>
public static class ReasonCodes
{
    public static IReadOnlyList<string> All { get; } =
    [
        RejectionReasons.SignatureInvalid, RejectionReasons.SignatureMissing, RejectionReasons.UnknownKey, RejectionReasons.Stale,
        RejectionReasons.HeaderMissing, RejectionReasons.MalformedRequest, RejectionReasons.DuplicateField, RejectionReasons.UnsupportedAlgorithm,
        RejectionReasons.BodyTooLarge, RejectionReasons.DecryptFailed, RejectionReasons.NotParsable,
        RejectionReasons.NotConfirmed, RejectionReasons.SourceUnknown, RejectionReasons.TimestampReused,
        DecisionReasons.Paid, DecisionReasons.PaidLate, DecisionReasons.DuplicateMoney, DecisionReasons.AttemptClosed, DecisionReasons.Refunded,
        DecisionReasons.RefundNotSettled, DecisionReasons.SurplusRefunded, DecisionReasons.AlreadyApplied, DecisionReasons.StillPending, DecisionReasons.ClosedAfterPaid,
        DecisionReasons.UnknownOrder, DecisionReasons.RefundBeforePayment, DecisionReasons.AmountMismatch, DecisionReasons.CurrencyMismatch,
        DecisionReasons.AppMismatch, DecisionReasons.MerchantMismatch, DecisionReasons.TransactionMissing, DecisionReasons.TransactionReused,
        DecisionReasons.RefundTooLarge, DecisionReasons.RefundWaits, DecisionReasons.RefundUnreadable, DecisionReasons.Unrecognized, DecisionReasons.HandlerError,
        DecisionReasons.ConfirmationUnclear, DecisionReasons.TransactionUnproven, DecisionReasons.Unrelated,
        DecisionReasons.Subscribed, DecisionReasons.SubscriptionFailed, DecisionReasons.SubscriptionMissing, DecisionReasons.Charged,
        DecisionReasons.ChargeFailed, DecisionReasons.StaleWaits, DecisionReasons.StaleRegistration,
    ];
}
