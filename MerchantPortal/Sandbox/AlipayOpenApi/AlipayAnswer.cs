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
internal sealed class AlipayAnswers(SandboxKeys keys, ArmedFaults armed)
{
    public async Task WriteAsync(HttpContext http, string method, AlipayAnswer answer)
    {
        var node = AlipayWire.Json(answer.Node);
        var fault = armed.TakeNextAnswer();
        var key = await keys.GetAsync(fault == AnswerFault.WrongKey ? SandboxKeyName.Stranger : SandboxKeyName.Alipay, http.RequestAborted);
        var name = $"{method.Replace('.', '_')}_response";
        await SendAsync(http, fault == AnswerFault.NoSignature
            ? $"{{\"{name}\":{node}}}"
            : $"{{\"{name}\":{node},\"sign\":\"{RsaSha256.Sign(key.PrivateKey, node)}\"}}");
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
