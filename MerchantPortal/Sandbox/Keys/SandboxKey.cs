namespace MerchantPortal.Sandbox.Keys;

/// <summary>A key pair of the gateway's side. A test key, hence kept as it is.</summary>
public sealed class SandboxKey
{
    public required SandboxKeyName Name { get; init; }

    /// <summary>What <c>Wechatpay-Serial</c> says; empty for Alipay.</summary>
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

    /// <summary>Nobody's: what a forger would sign with.</summary>
    Stranger,
}
