using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>A request to gateway.do that a registered app has signed.</summary>
/// <param name="Fields">Query and form together, decoded once.</param>
/// <param name="Content">biz_content.</param>
internal sealed partial record AlipayCall(SandboxMerchant Merchant, IReadOnlyDictionary<string, string> Fields, JsonObject Content)
{
    public string Method => Fields["method"];

    public string? Field(string name) => Fields.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public string? Text(string name) => Content[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <returns>分; null when the amount is missing or not exact yuan with at most two places.</returns>
    public long? TotalAmount() => Amount("total_amount");

    /// <returns>分; null when the member is missing or not exact yuan with at most two places.</returns>
    public long? Amount(string name)
    {
        var match = Yuan().Match(Text(name) ?? "");
        return match.Success
            ? long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) * 100
                + long.Parse(match.Groups[2].Value.PadRight(2, '0'), System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex("^([0-9]{1,9})(?:\\.([0-9]{1,2}))?$")]
    private static partial Regex Yuan();
}

/// <summary>Lets in what a registered app has signed with RSA2.</summary>
internal sealed class AlipayGate(SandboxWriter writer, TimeProvider time)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    public async Task<(AlipayCall? Call, AlipayRefusal? Refusal)> EnterAsync(HttpRequest request, CancellationToken cancellationToken) =>
        await EnterAsync(await ReadAsync(request, cancellationToken), cancellationToken);

    /// <param name="fields">Decoded once; null when they could not be read.</param>
    public async Task<(AlipayCall? Call, AlipayRefusal? Refusal)> EnterAsync(Dictionary<string, string>? fields, CancellationToken cancellationToken)
    {
        if (fields is null || Value(fields, "app_id") is not { } appId || Value(fields, "method") is not { } method)
        {
            return (null, AlipayRefusal.Invalid("isv.missing-parameter", "缺少参数"));
        }

        await using var db = writer.CreateDbContext();
        var merchant = await db.Merchants.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Channel == SandboxChannels.Alipay && row.AppId == appId, cancellationToken);
        if (merchant is null)
        {
            return (null, AlipayRefusal.Invalid("isv.invalid-app-id", "无效的AppID参数"));
        }

        if (Value(fields, "sign_type") != "RSA2" || !RsaSha256.Verify(merchant.PublicKey, Encoding.UTF8.GetBytes(AlipayWire.RequestText(fields)), Value(fields, "sign") ?? ""))
        {
            return (null, AlipayRefusal.Invalid("isv.invalid-signature", "无效签名"));
        }

        if (merchant.IsInCertificateMode() && (Value(fields, AlipayMerchants.AppCertificateNumber) != merchant.Secrets[AlipayMerchants.AppCertificateNumber]
            || Value(fields, AlipayMerchants.RootCertificateNumber) != merchant.Secrets[AlipayMerchants.RootCertificateNumber]))
        {
            return (null, AlipayRefusal.Invalid("isv.invalid-app-cert-sn", "证书序列号不正确"));
        }

        // A signed address for the browser may be opened long after it was made; a call from server to server may not.
        var age = Beijing.ParseWall(Value(fields, "timestamp")) is { } at ? (time.GetUtcNow() - at).Duration() : TimeSpan.MaxValue;
        if (age > (AlipayMethods.IsForBrowser(method) ? TimeSpan.FromDays(15) : ClockTolerance))
        {
            return (null, AlipayRefusal.Invalid("isv.invalid-timestamp", "非法的时间戳参数"));
        }

        return Content(fields) is { } content
            ? (new AlipayCall(merchant, fields, content), null)
            : (null, AlipayRefusal.Invalid("isv.invalid-parameter", "biz_content 不是合法的 JSON"));
    }

    /// <returns>Null when a name occurs twice.</returns>
    private static async Task<Dictionary<string, string>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        IEnumerable<KeyValuePair<string, StringValues>> all = request.Query;
        if (request.HasFormContentType)
        {
            all = all.Concat(await request.ReadFormAsync(cancellationToken));
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in all)
        {
            // charset stands in the address as well as in the form; that is the same field and not two.
            if (values.Count != 1 || (!fields.TryAdd(name, values.ToString()) && fields[name] != values.ToString()))
            {
                return null;
            }
        }

        return fields;
    }

    private static JsonObject? Content(Dictionary<string, string> fields)
    {
        try
        {
            return JsonNode.Parse(Value(fields, "biz_content") ?? "") as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Value(Dictionary<string, string> fields, string name) => fields.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}

/// <summary>Why the gateway does not even look at a request.</summary>
internal sealed record AlipayRefusal(string Code, string Message, string SubCode, string SubMessage)
{
    public static AlipayRefusal Invalid(string subCode, string subMessage) => new("40002", "Invalid Arguments", subCode, subMessage);
}
