using System.Text.Json;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments;

/// <summary>
/// One try to have an order paid through one channel account, under its own <c>out_trade_no</c>. An order has many; the row
/// exists before the gateway hears of it. Amounts are 分.
/// </summary>
public sealed class PaymentAttempt : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid OrderId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    public required PaymentMethod Method { get; init; }

    /// <summary>Our number at the channel (商户订单号), unique per account.</summary>
    public required string OutTradeNo { get; init; }

    public required long Amount { get; init; }

    public AttemptStatus Status { get; set; }

    /// <summary>Their number (<c>transaction_id</c>, <c>trade_no</c>); null until the gateway told it.</summary>
    public string? ChannelTransactionId { get; set; }

    /// <summary>What the payer sees, as JSON of <see cref="PaymentPrompt"/>; null before the gateway answered.</summary>
    public string? PromptJson { get; set; }

    /// <summary>Why the gateway refused, in the portal's words; null otherwise.</summary>
    public string? FailureReason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? PaidAt { get; set; }

    /// <summary>When the gateway was last asked and gave an answer; null before.</summary>
    public DateTimeOffset? LastQueriedAt { get; set; }

    /// <summary>What the gateway last said when asked; null while it has never known the number.</summary>
    public NotificationKind? QuerySaid { get; set; }

    /// <summary>When the verified notification that counts came, and what it said; null before. One that tells of money counts, whatever comes after it.</summary>
    public DateTimeOffset? CallbackAt { get; set; }

    public NotificationKind? CallbackSaid { get; set; }

    /// <summary>When the portal asks the gateway by itself; null when it does not.</summary>
    public DateTimeOffset? QueryAt { get; set; }

    /// <summary>How often the portal has asked by itself.</summary>
    public int QueriesMade { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }

    /// <summary>What the gateway answered for the payer, however old; null before it answered.</summary>
    public PaymentPrompt? ReadPrompt() => PromptJson is { } json ? JsonSerializer.Deserialize<PaymentPrompt>(json) : null;

    /// <summary>What the payer can be handed now; null when there is nothing, or it has to be asked for anew.</summary>
    public PaymentPrompt? PromptAt(DateTimeOffset now) =>
        Status == AttemptStatus.Prompted && ReadPrompt() is { } prompt && prompt.IsGoodAt(now) ? prompt : null;

    /// <summary>Takes a final status, and plans what is still to be asked: what has closed is asked about once more soon, then by day.</summary>
    internal void End(AttemptStatus status, DateTimeOffset now)
    {
        Status = status;
        QueryAt = status == AttemptStatus.Closed ? now + QuerySchedule.AfterClose : null;
    }

    /// <summary>Keeps what a verified notification has said. Notifications overtake each other: an older "not paid" is no news after "paid".</summary>
    internal void HearCallback(NotificationKind said, DateTimeOffset at)
    {
        if (Witnesses.Means(said) != Testimony.Silent && Witnesses.Means(CallbackSaid) != Testimony.Paid)
        {
            (CallbackSaid, CallbackAt) = (said, at);
        }
    }

    internal void HearQuery(NotificationKind said, DateTimeOffset at) => (QuerySaid, LastQueriedAt) = (said, at);
}
