using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MerchantPortal.Orders;

/// <summary>An order as the API answers it. Amounts are 分, times UTC.</summary>
/// <param name="Refunded">Σ of succeeded refunds.</param>
/// <param name="PaidAt">The gateway's time; null until paid.</param>
public sealed record OrderJson(
    string Number,
    string Status,
    IReadOnlyList<string> Flags,
    string Mode,
    long Amount,
    long Refunded,
    string Currency,
    string Subject,
    string? MerchantOrderNo,
    string? Note,
    string? ReturnUrl,
    JsonNode? Metadata,
    Uri CheckoutUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? PaidAt,
    IReadOnlyList<OrderLineJson> Lines,
    IReadOnlyList<AttemptJson> Attempts,
    IReadOnlyList<RefundJson> Refunds)
{
    [JsonIgnore]
    internal Guid Id { get; init; }
}

public sealed record OrderLineJson(Guid ProductId, string Name, long UnitPrice, int Quantity);

/// <param name="TransactionId">The gateway's number; null until it told one.</param>
/// <param name="Prompt">What the payer sees next; only while the attempt can be paid.</param>
public sealed record AttemptJson(
    string OutTradeNo,
    string Channel,
    Guid ChannelAccountId,
    string Method,
    string Status,
    long Amount,
    string? TransactionId,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? PaidAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PromptJson? Prompt);

/// <summary>Exactly the members of its kind are there.</summary>
/// <param name="Params">Names are the wire's own.</param>
/// <param name="GoodUntil">From then on start the same attempt again for a fresh one; absent when it is good as long as the attempt.</param>
public sealed record PromptJson(
    string Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CodeUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Form,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Params,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? GoodUntil);

/// <param name="Amount">分.</param>
/// <param name="ReasonCode">What reports count by.</param>
/// <param name="FailureCode">Why it does not go on, or did not go through; absent while nothing is wrong.</param>
/// <param name="FailureMessage">The same in the gateway's words; absent where it gave none.</param>
public sealed record RefundJson(
    string RefundNo,
    string Status,
    long Amount,
    string Reason,
    string ReasonCode,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SettledAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FailureCode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FailureMessage);

/// <param name="Summary">One English sentence.</param>
/// <param name="Data">What the sentence was filled with.</param>
public sealed record TimelineItemJson(DateTimeOffset At, string Kind, string Actor, string Summary, IReadOnlyDictionary<string, string> Data);

public sealed record TimelineJson(IReadOnlyList<TimelineItemJson> Items);
