using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>What a genuine message says: it may be unreadable, or at odds with itself or with our order, and never counts then.</summary>
public sealed class WeChatPayV3ContentTests
{
    private readonly IPaymentChannel _channel = Open();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"1\"")]
    [InlineData("{\"event_type\":1,\"resource\":{}}")]
    [InlineData("{\"event_type\":\"TRANSACTION.SUCCESS\",\"resource\":[]}")]
    [InlineData("{\"event_type\":\"TRANSACTION.SUCCESS\",\"resource\":{\"original_type\":\"transaction\",\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"0123456789ab\"}}")]
    [InlineData("{\"event_type\":\"TRANSACTION.SUCCESS\",\"resource\":{\"original_type\":\"transaction\",\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"0123456789ab\",\"ciphertext\":\"?\"}}")]
    [InlineData("{\"event_type\":\"\\ud800\",\"resource\":{}}")]
    public void A_signed_body_that_cannot_be_read_is_kept_for_replay(string body) =>
        Rejected(_channel.Verify(Signed(body)), RejectionReasons.NotParsable, signatureValid: true);

    [Fact]
    public void Strange_json_is_refused_whoever_signed_it()
    {
        var good = Envelope(Transaction().ToJsonString());
        byte[][] bodies =
        [
            Encoding.UTF8.GetBytes(good + "x"),
            Encoding.UTF8.GetBytes(good[..^1] + ",\"id\":\"EV-2\"}"),
            Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 1000) + new string(']', 1000) + "," + good[1..]),
            [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(good)],
            [.. Encoding.UTF8.GetBytes("{\"x\":\""), 0xFF, .. Encoding.UTF8.GetBytes("\"," + good[1..])],
        ];
        Assert.All(bodies, body => Rejected(_channel.Verify(Post(body, Headers(body))), RejectionReasons.NotParsable, signatureValid: true));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("{\"mchid\":\"1\",\"mchid\":\"2\"}")]
    [InlineData("{\"mchid\":\"\\udc00\"}")]
    public void Sealed_content_that_cannot_be_read_is_kept_for_replay(string content) =>
        Rejected(_channel.Verify(Signed(Envelope(content))), RejectionReasons.NotParsable, signatureValid: true);

    [Theory]
    [InlineData("algorithm", "AEAD_AES_128_GCM", RejectionReasons.UnsupportedAlgorithm)]
    [InlineData("algorithm", "aead_aes_256_gcm", RejectionReasons.UnsupportedAlgorithm)]
    [InlineData("associated_data", "refund", RejectionReasons.DecryptFailed)]
    [InlineData("associated_data", "", RejectionReasons.DecryptFailed)]
    [InlineData("nonce", "0123456789a", RejectionReasons.DecryptFailed)]
    [InlineData("nonce", "0123456789abc", RejectionReasons.DecryptFailed)]
    [InlineData("nonce", "0123456789abcdef", RejectionReasons.DecryptFailed)]
    [InlineData("nonce", "一二三四", RejectionReasons.DecryptFailed)]
    [InlineData("ciphertext", "AAAA", RejectionReasons.DecryptFailed)]
    [InlineData("ciphertext", "", RejectionReasons.DecryptFailed)]
    public void A_changed_envelope_does_not_open(string name, string value, string reason)
    {
        var envelope = Parse(Envelope(Transaction().ToJsonString()));
        Member(envelope, "resource")[name] = value;
        Rejected(_channel.Verify(Signed(envelope.ToJsonString())), reason, signatureValid: true);
    }

    [Fact]
    public void One_flipped_bit_anywhere_in_the_ciphertext_does_not_open()
    {
        var envelope = Parse(Envelope(Transaction().ToJsonString()));
        var sealedText = Convert.FromBase64String(Member(envelope, "resource")["ciphertext"]?.GetValue<string>() ?? "");
        for (var i = 0; i < 20; i++)
        {
            var changed = sealedText.ToArray();
            changed[i * (changed.Length - 1) / 19] ^= 0x80;
            Member(envelope, "resource")["ciphertext"] = Convert.ToBase64String(changed);
            Rejected(_channel.Verify(Signed(envelope.ToJsonString())), RejectionReasons.DecryptFailed, signatureValid: true);
        }
    }

    [Theory]
    [InlineData("12340", 12340L)]
    [InlineData("0", 0L)]
    [InlineData("-1", -1L)]
    [InlineData("12340.0", null)]
    [InlineData("123.40", null)]
    [InlineData("\"12340\"", null)]
    [InlineData("1.234e4", null)]
    [InlineData("9007199254740992", 9007199254740992L)]
    [InlineData("9223372036854775808", null)]
    [InlineData("null", null)]
    [InlineData("true", null)]
    public void An_amount_is_a_whole_number_of_fen_or_nothing(string total, long? read)
    {
        var message = Read(Transaction().ToJsonString().Replace("\"total\":12340,", $"\"total\":{total},", StringComparison.Ordinal));
        Assert.Equal(read, message.Amount);
        Assert.Equal(read == 12340, Decide(message).Outcome == CallbackStatus.Applied);
    }

    [Theory]
    [InlineData("appid", "wx0000000000000000", DecisionReasons.AppMismatch)]
    [InlineData("mchid", "1900000110", DecisionReasons.MerchantMismatch)]
    [InlineData("appid", null, DecisionReasons.AppMismatch)]
    [InlineData("mchid", null, DecisionReasons.MerchantMismatch)]
    [InlineData("transaction_id", null, DecisionReasons.TransactionMissing)]
    [InlineData("trade_state", null, DecisionReasons.Unrecognized)]
    public void Money_for_somebody_else_is_quarantined(string field, string? value, string reason)
    {
        var transaction = Transaction();
        transaction[field] = value;
        var decision = Decide(Read(transaction.ToJsonString()));
        Assert.Equal((CallbackStatus.Quarantined, reason), (decision.Outcome, decision.Reason));
    }

    [Theory]
    [InlineData("USD")]
    [InlineData("cny")]
    [InlineData(null)]
    public void Money_in_another_currency_is_quarantined(string? currency)
    {
        var transaction = Transaction();
        Member(transaction, "amount")["currency"] = currency;
        Assert.Equal(DecisionReasons.CurrencyMismatch, Decide(Read(transaction.ToJsonString())).Reason);
    }

    [Theory]
    [InlineData("REFUND")]
    [InlineData("NOTPAY")]
    [InlineData("CLOSED")]
    [InlineData("REVOKED")]
    [InlineData("USERPAYING")]
    [InlineData("PAYERROR")]
    [InlineData("success")]
    [InlineData("SOMETHING_NEW")]
    public void A_success_notice_counts_in_the_state_success_only(string state) =>
        Assert.Equal(NotificationKind.Unrecognized, Read(Transaction(state).ToJsonString()).Kind);

    [Theory]
    [InlineData("TRANSACTION.FAIL", "transaction")]
    [InlineData("transaction.success", "transaction")]
    [InlineData("TRANSACTION.SUCCESS", "refund")]
    [InlineData("TRANSACTION.SUCCESS", "payscore")]
    [InlineData("REFUND.SUCCESS", "transaction")]
    [InlineData("REFUND.SUCCESS", "refund")]
    [InlineData("", "")]
    public void An_event_at_odds_with_its_content_is_not_recognised(string eventType, string originalType) =>
        Assert.Equal(NotificationKind.Unrecognized, Read(Transaction().ToJsonString(), eventType, originalType).Kind);

    [Theory]
    [InlineData("2026-12-31T12:00:00+08:00", true)]
    [InlineData("2026-12-31T04:00:00Z", true)]
    [InlineData("2026-12-31T12:00:00.000+08:00", true)]
    [InlineData("2026-12-31T12:00:00", false)]
    [InlineData("2026-12-31 12:00:00+08:00", false)]
    [InlineData("2026-02-30T12:00:00+08:00", false)]
    [InlineData("yesterday", false)]
    [InlineData("", false)]
    public void A_time_without_an_offset_is_no_time(string text, bool read)
    {
        var transaction = Transaction();
        transaction["success_time"] = text;
        Assert.Equal(read ? Now : null, Read(transaction.ToJsonString()).OccurredAt);
    }

    [Theory]
    [InlineData("SUCCESS", NotificationKind.RefundSucceeded)]
    [InlineData("ABNORMAL", NotificationKind.RefundAbnormal)]
    [InlineData("CLOSED", NotificationKind.RefundClosed)]
    public void A_refund_notice_is_read_whole(string status, NotificationKind kind)
    {
        var message = Read(Refund(status).ToJsonString(), $"REFUND.{status}", "refund");
        Assert.Equal((kind, OutTradeNo, 12340L), (message.Kind, message.OutTradeNo, message.Amount));
        Assert.Equal(new RefundFact("RF-1", "5030000", 2345, TotalRefunded: null), message.Refund);
        Assert.Equal((null, null, MchId), (message.AppId, message.Currency, message.MerchantId));
    }

    [Theory]
    [InlineData("REFUND.SUCCESS", "CLOSED")]
    [InlineData("REFUND.CLOSED", "SUCCESS")]
    [InlineData("REFUND.ABNORMAL", "SUCCESS")]
    [InlineData("REFUND.SUCCESS", "PROCESSING")]
    public void A_refund_notice_at_odds_with_its_status_is_not_recognised(string eventType, string status) =>
        Assert.Equal(NotificationKind.Unrecognized, Read(Refund(status).ToJsonString(), eventType, "refund").Kind);

    private static JsonObject Refund(string status) => new()
    {
        ["mchid"] = MchId,
        ["transaction_id"] = "42000020261798689600",
        ["out_trade_no"] = OutTradeNo,
        ["refund_id"] = "5030000",
        ["out_refund_no"] = "RF-1",
        ["refund_status"] = status,
        ["user_received_account"] = "招商银行信用卡0403",
        ["amount"] = new JsonObject { ["total"] = 12340, ["refund"] = 2345, ["payer_total"] = 12340, ["payer_refund"] = 2345 },
    };

    private static PaymentDecision Decide(VerifiedNotification message) => PaymentStateMachine.Decide(
        new(OrderStatus.Pending, AttemptStatus.Prompted, 12340, AppId, MchId, TransactionRecord.None, Paid: 0, Refunded: 0, Refund: null), message);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)?.AsObject() ?? throw new InvalidDataException(json);

    private static JsonObject Member(JsonObject json, string name) => json[name]?.AsObject() ?? throw new InvalidDataException(name);

    private VerifiedNotification Read(string content, string eventType = "TRANSACTION.SUCCESS", string originalType = "transaction") =>
        Accepted(_channel.Verify(Signed(Envelope(content, eventType, originalType))));
}
