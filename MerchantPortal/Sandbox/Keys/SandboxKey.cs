namespace MerchantPortal.Sandbox.Keys;

/// <summary>A key pair of the gateway's side. A test key, hence kept as it is.</summary>
public sealed class SandboxKey
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>A platform certificate may have several keys; the newest signs.</summary>
    public required SandboxKeyName Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What <c>Wechatpay-Serial</c> or <c>alipay_cert_sn</c> says; empty for Alipay's bare key.</summary>
    public required string Serial { get; init; }

    /// <summary>PKCS#8, PEM.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>What merchants are given: SubjectPublicKeyInfo or certificate, PEM.</summary>
    public required string PublicPart { get; init; }
}

public enum SandboxKeyName
{
    WeChatPublicKey,
    WeChatCertificate,
    Alipay,

    /// <summary>Signs all certificates of Alipay's certificate mode.</summary>
    AlipayRoot,

    /// <summary>Signs Alipay's words in certificate mode.</summary>
    AlipayCertificate,
    AlipayMapi,

    /// <summary>Nobody's: what a forger would sign with.</summary>
    Stranger,
}
