using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Keys;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>What the gateway says to a server.</summary>
internal sealed record AlipayAnswer(JsonObject Node)
{
    public static AlipayAnswer Ok(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var node = new JsonObject { ["code"] = "10000", ["msg"] = "Success" };
        foreach (var (name, value) in fields)
        {
            node[name] = value;
        }

        return new(node);
    }

    public static AlipayAnswer Failed(string subCode, string subMessage) => new(new JsonObject
    {
        ["code"] = "40004",
        ["msg"] = "Business Failed",
        ["sub_code"] = subCode,
        ["sub_msg"] = subMessage,
    });

    public static AlipayAnswer NotExist => Failed("ACQ.TRADE_NOT_EXIST", "交易不存在");
}

/// <summary>Writes answers: the signature covers the very bytes of the object.</summary>
internal sealed class AlipayAnswers(AlipaySigners signers, ArmedFaults armed)
{
    public async Task WriteAsync(HttpContext http, AlipayCall call, AlipayAnswer answer)
    {
        var node = AlipayWire.Json(answer.Node);
        var fault = armed.TakeNextAnswer();
        var key = await signers.OfAsync(call.Merchant, http.RequestAborted);
        var signer = fault == AnswerFault.WrongKey ? await signers.StrangerAsync(http.RequestAborted) : key;
        var name = $"{call.Method.Replace('.', '_')}_response";
        var certificate = call.Merchant.IsInCertificateMode() ? $",\"alipay_cert_sn\":\"{key.Serial}\"" : "";
        await SendAsync(http, fault == AnswerFault.NoSignature
            ? $"{{\"{name}\":{node}{certificate}}}"
            : $"{{\"{name}\":{node}{certificate},\"sign\":\"{RsaSha256.Sign(signer.PrivateKey, node)}\"}}");
    }

    /// <summary>A request that was not let in: nobody to sign for.</summary>
    public static Task WriteAsync(HttpContext http, AlipayRefusal refusal) => SendAsync(http, $"{{\"error_response\":{AlipayWire.Json(new JsonObject
    {
        ["code"] = refusal.Code,
        ["msg"] = refusal.Message,
        ["sub_code"] = refusal.SubCode,
        ["sub_msg"] = refusal.SubMessage,
    })}}}");

    private static Task SendAsync(HttpContext http, string body)
    {
        http.Response.ContentType = "text/html;charset=utf-8";
        return http.Response.WriteAsync(body, http.RequestAborted);
    }
}
