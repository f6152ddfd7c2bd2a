using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>The two keys of an account, parsed once.</summary>
internal sealed class AlipayOpenApiKeys
{
    /// <param name="form">One that <see cref="AlipayOpenApiDefinition.Read"/> has normalised.</param>
    public AlipayOpenApiKeys(JsonObject form)
    {
        var appPem = Text(form, AlipayOpenApiDefinition.AppPrivateKey);
        AlipayPem = Text(form, AlipayOpenApiDefinition.AlipayPublicKey);
        App = new KeptKey(appPem);
        Alipay = new KeptKey(AlipayPem);
        AlipayFingerprint = KeyText.ReadPublicKey(AlipayPem) is KeyReadResult.Readable readable ? readable.Fingerprint : "";
    }

    /// <summary>应用私钥: signs our requests.</summary>
    public KeptKey App { get; }

    /// <summary>支付宝公钥: proves what Alipay says.</summary>
    public KeptKey Alipay { get; }

    public string AlipayPem { get; }

    public string AlipayFingerprint { get; }

    private static string Text(JsonObject form, string name) =>
        (string?)form[name] ?? throw new InvalidOperationException($"The stored form has no {name}.");
}
