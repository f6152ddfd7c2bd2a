using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>What is sent to the gateway and to the phone, signed.</summary>
internal sealed class WeChatLegacyAppRequests(WeChatLegacyAppKeys keys, TimeProvider time)
{
    /// <summary>Bytes of UTF-8, as the gateway counts.</summary>
    private const int MaxBody = 127;

    private const string NoAddress = "127.0.0.1";

    private string Timestamp => time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary><c>/pay/genprepay</c>. <c>time_expire</c> is all that ever ends such an order: the interface has no close.</summary>
    public JsonObject Prepay(CreatePayment request)
    {
        var fields = Fields(
            ("traceid", request.OutTradeNo),
            ("noncestr", Nonce()),
            ("package", WeChatLegacyAppSignature.Package(Order(request), keys.Partner)),
            ("timestamp", Timestamp));
        var body = Signed(fields);
        body["timestamp"] = long.Parse(fields["timestamp"], CultureInfo.InvariantCulture);
        return body;
    }

    /// <summary>The second signature: what the app hands to WeChat's kit.</summary>
    public Dictionary<string, string> Prompt(string prepayId)
    {
        var fields = Fields(
            ("noncestr", Nonce()),
            ("package", "Sign=WXPay"),
            ("partnerid", keys.PartnerId),
            ("prepayid", prepayId),
            ("timestamp", Timestamp));
        fields["sign"] = WeChatLegacyAppSignature.Sign(fields, keys.PaySignKey);
        return fields;
    }

    /// <summary><c>/pay/orderquery</c>.</summary>
    public JsonObject Query(string outTradeNo) => Signed(Fields(
        ("package", WeChatLegacyAppSignature.Package(
            new Dictionary<string, string> { ["out_trade_no"] = outTradeNo, ["partner"] = keys.PartnerId }, keys.Partner)),
        ("timestamp", Timestamp)));

    /// <summary><c>/pay/delivernotify</c>: the goods are with the buyer.</summary>
    public JsonObject Delivered(DeliveredPayment payment, string openId) => Signed(Fields(
        ("openid", openId),
        ("transid", payment.ChannelTransactionId),
        ("out_trade_no", payment.OutTradeNo),
        ("deliver_timestamp", payment.DeliveredAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ("deliver_status", "1"),
        ("deliver_msg", "ok")));

    /// <summary>At most <see cref="MaxBody"/> bytes, cut between characters, without control characters; the number when nothing is left.</summary>
    internal static string Body(string subject, string outTradeNo)
    {
        var text = new StringBuilder();
        var bytes = 0;
        foreach (var rune in subject.Trim().EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > MaxBody)
            {
                break;
            }

            text.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return text.ToString().Trim() is { Length: > 0 } clean ? clean : outTradeNo;
    }

    private Dictionary<string, string> Order(CreatePayment request) => new(StringComparer.Ordinal)
    {
        ["bank_type"] = "WX",
        ["body"] = Body(request.Subject, request.OutTradeNo),
        ["fee_type"] = WeChatLegacyAppWire.Yuan,
        ["input_charset"] = "UTF-8",
        ["notify_url"] = request.NotifyUrl.AbsoluteUri,
        ["out_trade_no"] = request.OutTradeNo,
        ["partner"] = keys.PartnerId,
        ["spbill_create_ip"] = PayerAddress(request.ClientIp),
        ["time_expire"] = BeijingTime.WriteCompact(request.ExpiresAt),
        ["time_start"] = BeijingTime.WriteCompact(time.GetUtcNow()),
        ["total_fee"] = request.Amount.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The interface is older than IPv6 and takes four numbers only.</summary>
    private static string PayerAddress(string? clientIp) => !IPAddress.TryParse(clientIp, out var address) ? NoAddress
        : address.AddressFamily == AddressFamily.InterNetwork ? address.ToString()
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : NoAddress;

    private Dictionary<string, string> Fields(params ReadOnlySpan<(string Name, string Value)> pairs)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["appid"] = keys.AppId };
        foreach (var (name, value) in pairs)
        {
            fields[name] = value;
        }

        return fields;
    }

    private JsonObject Signed(Dictionary<string, string> fields)
    {
        var body = new JsonObject(fields.Select(field => new KeyValuePair<string, JsonNode?>(field.Key, field.Value)))
        {
            ["app_signature"] = WeChatLegacyAppSignature.Sign(fields, keys.PaySignKey),
            ["sign_method"] = WeChatLegacyAppSignature.Method,
        };
        return body;
    }

    private static string Nonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
