using System.Text.Json;

namespace MerchantPortal.Orders;

/// <summary>What happened, as one English sentence for programs' logs. The console has its own words.</summary>
internal static class TimelineSentence
{
    public static IReadOnlyDictionary<string, string> Data(TimelineEntry entry) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(entry.DataJson) ?? [];

    public static string Of(TimelineKind kind, IReadOnlyDictionary<string, string> data) => kind switch
    {
        TimelineKind.OrderCreated => $"The order over {Value(data, "amount")} was created.",
        TimelineKind.AttemptStarted => $"A payment attempt {Value(data, "out_trade_no")} was started ({Value(data, "method")}).",
        TimelineKind.AttemptPrompted => $"The gateway accepted {Value(data, "out_trade_no")}; the buyer can pay.",
        TimelineKind.AttemptFailed => $"The gateway refused {Value(data, "out_trade_no")}: {Value(data, "reason")}.",
        TimelineKind.AttemptClosed => $"The payment attempt {Value(data, "out_trade_no")} was closed; it cannot be paid any more.",
        TimelineKind.GatewayQueried => $"The gateway was asked about {Value(data, "out_trade_no")}.",
        TimelineKind.PaymentReceived when data.GetValueOrDefault("found_by") == "query" =>
            $"{Value(data, "amount")} were received with transaction {Value(data, "transaction_id")}; the gateway told it when asked, no callback had come.",
        TimelineKind.PaymentReceived => $"{Value(data, "amount")} were received with transaction {Value(data, "transaction_id")}.",
        TimelineKind.PaymentReceivedLate => $"{Value(data, "amount")} were received after closing, with transaction {Value(data, "transaction_id")}.",
        TimelineKind.DuplicateMoneyReceived => $"{Value(data, "amount")} came once more with transaction {Value(data, "transaction_id")}; they are surplus.",
        TimelineKind.CallbackQuarantined => $"A callback contradicts what is known ({Value(data, "reason")}); a person must look.",
        TimelineKind.CallbackReplayed => $"A callback was processed again: {Value(data, "outcome")}.",
        TimelineKind.RefundSucceeded => $"{Value(data, "amount")} were refunded ({Value(data, "refund_no")}).",
        TimelineKind.RefundNotSettled => $"The refund {Value(data, "refund_no")} did not settle ({Value(data, "status")}).",
        TimelineKind.OrderClosed => "The order was closed unpaid.",
        TimelineKind.NoteChanged => "The note was changed.",
        TimelineKind.OrderRenewed => "The order was given more time.",
        TimelineKind.DeliveryReported => $"The gateway was told that {Value(data, "out_trade_no")} is delivered.",
        TimelineKind.RefundRequested => $"{Value(data, "amount")} are to be given back ({Value(data, "refund_no")}).",
        TimelineKind.RefundAccepted => $"The gateway accepted the refund {Value(data, "refund_no")}.",
        TimelineKind.RefundPostponed => $"The gateway cannot pay the refund {Value(data, "refund_no")} now ({Value(data, "reason")}); it is tried again.",
        TimelineKind.RefundFailed => $"The gateway refused the refund {Value(data, "refund_no")}: {Value(data, "reason")}.",
        TimelineKind.SurplusRefunded => $"{Value(data, "amount")} of surplus were given back ({Value(data, "refund_no")}).",
        TimelineKind.DeliveryNotReported => $"The gateway did not take the report that {Value(data, "out_trade_no")} is delivered: {Value(data, "reason")}.",
        TimelineKind.WitnessesDisagree =>
            $"The books say {Value(data, "ours")}, the callback {Value(data, "callback")}, the gateway when asked {Value(data, "query")}; a person must look.",
        TimelineKind.CaseResolved => $"The case {Value(data, "case")} ended: {Value(data, "resolution")}.",
    };

    private static string Value(IReadOnlyDictionary<string, string> data, string name) => data.GetValueOrDefault(name, "–");
}
