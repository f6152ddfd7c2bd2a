using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>A call that came with a good token and a good app_signature.</summary>
/// <param name="Fields">The members of the body; numbers as their text.</param>
internal sealed record WeChatAppCall(SandboxMerchant Merchant, IReadOnlyDictionary<string, string> Fields)
{
    private const int MaxBody = 64 * 1024;

    /// <summary>The fields of <c>package</c>, decoded in their own charset; null when its sign is wrong or a name occurs twice.</summary>
    public Dictionary<string, string>? Package()
    {
        var pairs = Fields.GetValueOrDefault("package", "").Split('&').Select(pair => pair.Split('=', 2)).ToList();
        var charset = WeChatAppSigning.Charset(pairs.Find(pair => pair[0] == "input_charset")?[^1]);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        return pairs.TrueForAll(pair => pair.Length == 2 && fields.TryAdd(pair[0], HttpUtility.UrlDecode(pair[1], charset)))
            && fields.GetValueOrDefault("sign") == WeChatAppSigning.Package(fields, Merchant.Secrets["partner_key"], charset)
            && fields.GetValueOrDefault("partner") == Merchant.MerchantNo
            ? fields
            : null;
    }

    /// <param name="signed">The members that app_signature covers, apart from appkey.</param>
    public static async Task<(WeChatAppCall? Call, JsonObject? Refusal)> ReadAsync(HttpContext http, params string[] signed)
    {
        var token = http.Request.Query["access_token"].ToString();
        var (merchant, refusal) = await http.RequestServices.GetRequiredService<WeChatAppTokens>().CheckAsync(token, http.RequestAborted);
        if (merchant is null)
        {
            return (null, refusal);
        }

        if (await FieldsAsync(http) is not { } fields || fields.GetValueOrDefault("sign_method") != "sha1")
        {
            return (null, WeChatAppAnswer.BadRequest);
        }

        var text = signed.Select(name => new KeyValuePair<string, string>(name, fields.GetValueOrDefault(name, "")));
        return fields.GetValueOrDefault("appid") != merchant.AppId ? (null, WeChatAppAnswer.Error(49001, "not same appid with appid of access_token"))
            : fields.GetValueOrDefault("app_signature") != WeChatAppSigning.App(text, merchant.Secrets["pay_sign_key"]) ? (null, WeChatAppAnswer.BadSignature)
            : (new WeChatAppCall(merchant, fields), null);
    }

    /// <returns>Null when the body is no JSON object of texts and numbers.</returns>
    private static async Task<Dictionary<string, string>?> FieldsAsync(HttpContext http)
    {
        try
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            return body.Length > MaxBody || JsonNode.Parse(body.ToArray()) is not JsonObject json ? null : json.ToDictionary(
                member => member.Key,
                member => Convert.ToString(member.Value?.GetValueKind() == JsonValueKind.String ? member.Value.GetValue<string>() : member.Value?.ToJsonString(), CultureInfo.InvariantCulture) ?? "",
                StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
