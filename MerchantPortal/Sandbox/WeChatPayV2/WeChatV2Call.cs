using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>A request that a registered merchant has signed.</summary>
/// <param name="SignType">The algorithm that the merchant chose; the answer comes back under it.</param>
internal sealed record WeChatV2Call(SandboxMerchant Merchant, FlatXml Xml, string SignType);

/// <summary>What the gateway says.</summary>
internal sealed record WeChatV2Answer(IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    public static WeChatV2Answer Ok(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var all = new List<KeyValuePair<string, string>> { new("result_code", "SUCCESS") };
        foreach (var (name, value) in fields)
        {
            all.Add(new(name, value));
        }

        return new(all);
    }

    public static WeChatV2Answer Error(string code, string message) =>
        new([new("result_code", "FAIL"), new("err_code", code), new("err_code_des", message)]);

    public static WeChatV2Answer NotExist => Error("ORDERNOTEXIST", "此交易订单号不存在");
}

/// <summary>Lets in what a registered merchant has signed, and signs what goes back.</summary>
internal sealed class WeChatV2Gate(SandboxWriter writer, ArmedFaults armed)
{
    private const int MaxBody = 64 * 1024;

    /// <returns>The call; or the unsigned words with which it is turned away.</returns>
    public async Task<(WeChatV2Call? Call, byte[]? Turned)> EnterAsync(HttpContext http)
    {
        if (await ReadAsync(http.Request, http.RequestAborted) is not { } body || FlatXml.Read(body, WeChatV2Wire.Root) is not FlatXmlResult.Parsed(var xml))
        {
            return (null, Turn("XML格式错误"));
        }

        await using var db = writer.CreateDbContext();
        var merchant = await db.Merchants.AsNoTracking().SingleOrDefaultAsync(
            row => row.Channel == SandboxChannels.WeChatV2 && row.MerchantNo == (xml["mch_id"] ?? ""), http.RequestAborted);
        if (merchant is null || xml["nonce_str"] is not { Length: <= 32 })
        {
            return (null, Turn(merchant is null ? "mch_id参数错误" : "nonce_str参数错误"));
        }

        var signType = xml["sign_type"] ?? WeChatV2Wire.Md5;
        return signType is not (WeChatV2Wire.Md5 or WeChatV2Wire.HmacSha256) ? (null, Turn("sign_type参数错误"))
            : xml["sign"] != WeChatV2Wire.Sign(xml.Fields, signType, merchant.Secrets[WeChatV2Wire.Key]) ? (null, Turn("签名错误"))
            : xml["appid"] != merchant.AppId ? (null, Turn("appid和mch_id不匹配"))
            : (new WeChatV2Call(merchant, xml, signType), null);
    }

    public byte[] Write(WeChatV2Call call, WeChatV2Answer answer)
    {
        List<KeyValuePair<string, string>> fields =
        [
            new("return_code", "SUCCESS"), new("return_msg", "OK"), new("appid", call.Merchant.AppId), new("mch_id", call.Merchant.MerchantNo),
            new("nonce_str", WeChatV2Wire.Nonce()), .. answer.Fields,
        ];
        var fault = armed.TakeNextAnswer();
        if (fault != AnswerFault.NoSignature)
        {
            var key = fault == AnswerFault.WrongKey ? SandboxNumbers.Key() : call.Merchant.Secrets[WeChatV2Wire.Key];
            fields.Add(new("sign", WeChatV2Wire.Sign(fields, call.SignType, key)));
        }

        return WeChatV2Wire.Xml(fields);
    }

    private static byte[] Turn(string message) => WeChatV2Wire.Xml([new("return_code", "FAIL"), new("return_msg", message)]);

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.Length <= MaxBody ? buffer.ToArray() : null;
    }
}
