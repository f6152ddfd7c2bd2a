using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Keys;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>What the gateway says.</summary>
/// <param name="Json">Null: an empty body.</param>
internal sealed record WeChatAnswer(int StatusCode, JsonObject? Json)
{
    public static WeChatAnswer Ok(JsonObject json) => new(StatusCodes.Status200OK, json);

    public static WeChatAnswer Done { get; } = new(StatusCodes.Status204NoContent, null);

    public static WeChatAnswer Error(int statusCode, string code, string message) =>
        new(statusCode, new JsonObject { ["code"] = code, ["message"] = message });

    public static WeChatAnswer Parameter(string message) => Error(StatusCodes.Status400BadRequest, "PARAM_ERROR", message);

    public static WeChatAnswer NotFound => Error(StatusCodes.Status404NotFound, "ORDER_NOT_EXIST", "订单不存在");

    public static WeChatAnswer SignError => Error(StatusCodes.Status401Unauthorized, "SIGN_ERROR", "签名错误");
}

/// <summary>Writes an answer, signed by the key that the merchant asked for with its own <c>Wechatpay-Serial</c>.</summary>
internal sealed class WeChatAnswers(SandboxKeys keys, ArmedFaults armed, TimeProvider time)
{
    /// <summary>The certificate signs unless the merchant asks for the public key, as at WeChat.</summary>
    /// <returns>Null when the merchant asks for a key that does not exist.</returns>
    public async Task<SandboxKey?> KeyForAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var certificates = await keys.AllAsync(SandboxKeyName.WeChatCertificate, cancellationToken);
        var publicKey = await keys.GetAsync(SandboxKeyName.WeChatPublicKey, cancellationToken);
        var asked = request.Headers["Wechatpay-Serial"].ToString();
        return asked.Length == 0 ? certificates[^1] : certificates.Append(publicKey).FirstOrDefault(key => key.Serial == asked);
    }

    /// <param name="key">Null: unsigned.</param>
    public async Task WriteAsync(HttpContext http, WeChatAnswer answer, SandboxKey? key)
    {
        var body = answer.Json is null ? "" : WeChatWire.Text(answer.Json);
        http.Response.StatusCode = answer.StatusCode;
        http.Response.Headers["Request-ID"] = RandomNumberGenerator.GetHexString(32);
        var fault = key is null ? AnswerFault.NoSignature : armed.TakeNextAnswer();
        if (key is not null && fault != AnswerFault.NoSignature)
        {
            var signing = fault == AnswerFault.WrongKey ? await keys.GetAsync(SandboxKeyName.Stranger, http.RequestAborted) : key;
            Sign(http.Response.Headers, key.Serial, signing.PrivateKey, body);
        }

        if (body.Length > 0)
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), http.RequestAborted);
        }
    }

    private void Sign(IHeaderDictionary headers, string serial, string privateKey, string body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        headers["Wechatpay-Serial"] = serial;
        headers["Wechatpay-Timestamp"] = timestamp;
        headers["Wechatpay-Nonce"] = nonce;
        headers["Wechatpay-Signature"] = RsaSha256.Sign(privateKey, $"{timestamp}\n{nonce}\n{body}\n");
        headers["Wechatpay-Signature-Type"] = "WECHATPAY2-SHA256-RSA2048";
    }
}
