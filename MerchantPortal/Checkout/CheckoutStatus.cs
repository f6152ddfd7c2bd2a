using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>What a waiting page is told: enough to know that it must look again, nothing that only staff may know.</summary>
/// <param name="State">What the page is about now.</param>
/// <param name="AttemptStatus">Of the newest attempt; null when there is none.</param>
/// <param name="Revision">Changes exactly when the page would look different. Also the ETag.</param>
public sealed record CheckoutStatus(
    OrderStatus Status,
    CheckoutState State,
    IReadOnlyList<OrderFlags> Flags,
    DateTimeOffset ExpiresAt,
    DateTimeOffset ServerTime,
    AttemptStatus? AttemptStatus,
    DateTimeOffset? PaidAt,
    string Revision)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    // needs_review is between the shop and its gateway.
    private static readonly OrderFlags[] ForBuyers = [OrderFlags.PaidLate, OrderFlags.DuplicateMoney];

    /// <summary>True while a change may come at any moment. After expiry a late payment may still be found, but an open line is not worth it.</summary>
    [JsonIgnore]
    public bool IsLive => State == CheckoutState.Waiting;

    [JsonIgnore]
    public string ETag => $"\"{Revision}\"";

    public static CheckoutStatus Of(CheckoutProgress progress, DateTimeOffset now)
    {
        var (order, newest) = progress;
        var state = progress.StateAt(now);
        var flags = ForBuyers.Where(flag => order.Flags.HasFlag(flag)).ToArray();
        var facts = string.Create(CultureInfo.InvariantCulture,
            $"{state}|{order.Status}|{string.Join(',', flags)}|{order.ExpiresAt.ToUnixTimeMilliseconds()}|{order.RefundedAmount}|{newest?.Id}|{newest?.Status}|{Life(newest, now)}");
        return new CheckoutStatus(
            order.Status, state, flags, order.ExpiresAt.ToUniversalTime(), now.ToUniversalTime(), newest?.Status, order.PaidAt?.ToUniversalTime(),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts)).AsSpan(0, 8)));
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>What the page itself shows changes with a fresh prompt, and when the old one is past its time. An address is only followed.</summary>
    /// <returns>Null when there is nothing that could change.</returns>
    private static string? Life(PaymentAttempt? newest, DateTimeOffset now) =>
        newest is { Status: Payments.AttemptStatus.Prompted } && newest.ReadPrompt() is { Kind: PromptKind.Qr or PromptKind.Jsapi, GoodUntil: { } end } prompt
            ? string.Create(CultureInfo.InvariantCulture, $"{end.ToUnixTimeMilliseconds()} {prompt.IsGoodAt(now)}")
            : null;
}
