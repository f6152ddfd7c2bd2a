namespace MerchantPortal.Sandbox.Trades;

/// <summary>A merchant that is registered at the sandbox, as a gateway knows one: by public key. The private key is the merchant's.</summary>
public sealed class SandboxMerchant
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>One of <see cref="SandboxChannels"/>.</summary>
    public required string Channel { get; init; }

    /// <summary>mchid, or seller_id.</summary>
    public required string MerchantNo { get; init; }

    public required string AppId { get; init; }

    /// <summary>SubjectPublicKeyInfo, PEM; empty where merchants sign with a shared key.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>Serial of the merchant's certificate (WeChat Pay); empty for Alipay.</summary>
    public string Serial { get; init; } = "";

    /// <summary>32 characters (WeChat Pay); empty for Alipay.</summary>
    public string ApiV3Key { get; init; } = "";

    /// <summary>Shared keys and choices of the channels that have them, by the field's name in the portal's form. Test keys, hence kept as they are.</summary>
    public Dictionary<string, string> Secrets { get; init; } = [];

    /// <summary>All that the merchant shares with the gateway, by the field's name in the portal's form; none where he signs with his own key alone.</summary>
    public IEnumerable<KeyValuePair<string, string>> SharedKeys => ApiV3Key.Length == 0 ? Secrets : Secrets.Prepend(new("api_v3_key", ApiV3Key));

    public required DateTimeOffset CreatedAt { get; init; }
}
