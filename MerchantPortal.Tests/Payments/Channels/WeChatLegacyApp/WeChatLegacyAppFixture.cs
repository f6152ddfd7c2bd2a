using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatLegacyApp;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.WeChatLegacyApp;

/// <summary>An account with the published demo keys, and somebody who plays WeChat of 2014.</summary>
internal static class WeChatLegacyAppFixture
{
    public const string AppId = "wxd678efh567hg6787";
    public const string Partner = "1900000109";
    public const string OutTradeNo = "PX20260101000001";
    public const string OpenId = "oX99MDgNcgwnz3zFN3DNmo8uwa-w";

    public static readonly DateTimeOffset Now = new(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);

    public static string PartnerKey => VectorFile.Key("wechat_v2_key");

    public static string PaySignKey =>
        VectorFile.Find("seed002-wxlegacy-second-sign-computed").Keys[0].GetProperty("app_key").GetString() ?? throw new InvalidDataException();

    public static JsonObject Form() => new()
    {
        ["app_id"] = AppId,
        ["app_secret"] = "0123456789abcdef0123456789abcdef",
        ["partner_id"] = Partner,
        ["partner_key"] = PartnerKey,
        ["pay_sign_key"] = PaySignKey,
    };

    public static IPaymentChannel Open(
        HttpMessageHandler? handler = null, string baseUrl = "https://api.weixin.qq.com/", PaymentMode mode = PaymentMode.Live, JsonObject? form = null) =>
        new WeChatLegacyAppDefinition().Open(new ChannelSettings(
            Guid.Empty, mode, new Uri(baseUrl), Assert.IsType<ChannelFormResult.Valid>(new WeChatLegacyAppDefinition().Read(form ?? Form())).Normalised,
            new HttpClient(handler ?? new WeChatLegacyAppStub((_, _) => throw new HttpRequestException("No call was expected."))), new FakeTimeProvider(Now))
        {
            Tokens = new MemoryTokens(),
        });

    public static RawNotification Post(string query, byte[]? body = null, string method = "POST", string? contentEncoding = null) => new(
        Guid.Empty, "wechat-app", method, "/notify/wechat-app/x", $"?{query}",
        contentEncoding is null ? new Dictionary<string, string>() : new() { ["content-encoding"] = contentEncoding }, body ?? [], Now, "127.0.0.1");

    /// <summary>The fields of a genuine payment, unsigned.</summary>
    public static Dictionary<string, string> Paid() => new()
    {
        ["sign_type"] = "MD5",
        ["service_version"] = "1.0",
        ["input_charset"] = "UTF-8",
        ["sign_key_index"] = "1",
        ["trade_mode"] = "1",
        ["trade_state"] = "0",
        ["partner"] = Partner,
        ["bank_type"] = "CFT",
        ["bank_billno"] = "201612310001",
        ["total_fee"] = "12340",
        ["fee_type"] = "1",
        ["notify_id"] = "N1",
        ["transaction_id"] = "1900000109201612310000000001",
        ["out_trade_no"] = OutTradeNo,
        ["attach"] = "",
        ["time_end"] = "20261231120001",
        ["transport_fee"] = "0",
        ["product_fee"] = "12340",
        ["discount"] = "0",
        ["buyer_alias"] = "",
    };

    /// <summary>A query string as Tenpay writes it: signed over the bytes of its charset, then percent-encoded with plus for blanks.</summary>
    public static string Signed(IReadOnlyDictionary<string, string> fields, Encoding? charset = null, string? key = null)
    {
        var encoding = charset ?? Encoding.UTF8;
        var text = string.Join('&', fields.Where(field => field.Value.Length > 0).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
        var sign = Md5(encoding.GetBytes($"{text}&key={key ?? PartnerKey}"));
        return Query(fields.Append(new("sign", sign)), encoding);
    }

    public static string Query(IEnumerable<KeyValuePair<string, string>> fields, Encoding? charset = null) =>
        string.Join('&', fields.Select(field => $"{field.Key}={System.Web.HttpUtility.UrlEncode(field.Value, charset ?? Encoding.UTF8)}"));

    /// <summary>The XML behind the address, signed by WeChat.</summary>
    public static byte[] Body(string appId = AppId, string? signature = null)
    {
        const string Time = "1798689601";
        const string Nonce = "jALldRTHAFd5Tgs5";
        var text = $"appid={appId}&appkey={PaySignKey}&issubscribe=1&noncestr={Nonce}&openid={OpenId}&timestamp={Time}";
        return Encoding.UTF8.GetBytes(
            $"<xml><OpenId><![CDATA[{OpenId}]]></OpenId><AppId><![CDATA[{appId}]]></AppId><IsSubscribe>1</IsSubscribe><TimeStamp> {Time}</TimeStamp>"
            + $"<NonceStr><![CDATA[{Nonce}]]></NonceStr><AppSignature><![CDATA[{signature ?? Sha1(text)}]]></AppSignature><SignMethod><![CDATA[sha1]]></SignMethod></xml>");
    }

    [SuppressMessage("Security", "CA5350", Justification = "The protocol's own.")]
    public static string Sha1(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));

    public static string Md5(string text) => Md5(Encoding.UTF8.GetBytes(text));

    [SuppressMessage("Security", "CA5351", Justification = "The protocol's own.")]
    private static string Md5(byte[] text) => Convert.ToHexString(MD5.HashData(text));
}

/// <summary>Stands in WeChat's place: gives tokens, refuses all but the newest, and keeps what it was sent.</summary>
internal sealed class WeChatLegacyAppStub(Func<string, JsonObject, string> answer) : HttpMessageHandler
{
    public List<(string Path, JsonObject Body)> Calls { get; } = [];

    public List<Uri> TokenCalls { get; } = [];

    /// <summary>What the token address answers; null for a fresh token.</summary>
    public string? TokenAnswer { get; init; }

    /// <summary>Somebody else fetched a token.</summary>
    public bool Killed { get; set; }

    /// <summary>Every token is refused, however new.</summary>
    public bool RefusesAll { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri ?? throw new InvalidOperationException();
        if (address.AbsolutePath == "/cgi-bin/token")
        {
            TokenCalls.Add(address);
            Killed = false;
            return Say(TokenAnswer ?? $$"""{"access_token":"T{{TokenCalls.Count}}","expires_in":7200}""");
        }

        if (RefusesAll || Killed || !address.Query.EndsWith($"access_token=T{TokenCalls.Count}", StringComparison.Ordinal))
        {
            return Say("""{"errcode":40001,"errmsg":"invalid credential"}""");
        }

        var body = JsonNode.Parse(await (request.Content ?? new StringContent("")).ReadAsStringAsync(cancellationToken)) as JsonObject ?? [];
        Calls.Add((address.AbsolutePath, body));
        return Say(answer(address.AbsolutePath, body));
    }

    private static HttpResponseMessage Say(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}

/// <summary>Keeps one token, as the portal does, without a database.</summary>
internal sealed class MemoryTokens : ISharedTokens
{
    private SharedToken.Given? _kept;

    public async Task<SharedToken> GetAsync(SharedTokenSource source, string? refused, CancellationToken cancellationToken)
    {
        if (_kept is not null && _kept.Token != refused)
        {
            return _kept;
        }

        var fetched = await source.FetchAsync(cancellationToken);
        _kept = fetched as SharedToken.Given;
        return fetched;
    }
}
