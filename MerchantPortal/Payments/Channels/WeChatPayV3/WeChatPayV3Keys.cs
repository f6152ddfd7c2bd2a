using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>An account's identity and keys, opened once.</summary>
internal sealed class WeChatPayV3Keys
{
    private readonly FrozenDictionary<string, KeptKey> _platform;

    /// <param name="form">One that <see cref="WeChatPayV3Form.Read"/> has normalised.</param>
    internal WeChatPayV3Keys(JsonObject form)
    {
        MerchantId = Text(form, WeChatPayV3Form.MchId);
        AppId = Text(form, WeChatPayV3Form.AppId);
        MerchantSerial = Text(form, WeChatPayV3Form.MerchantSerial);
        Merchant = new KeptKey(Text(form, WeChatPayV3Form.MerchantPrivateKey));
        AppSecret = form[WeChatPayV3Form.AppSecret]?.GetValue<string>();
        ApiV3Key = Encoding.UTF8.GetBytes(Text(form, WeChatPayV3Form.ApiV3Key));
        var ring = form[WeChatPayV3Form.PlatformKeys]?.AsArray().OfType<JsonObject>().ToList() ?? [];
        _platform = ring.ToFrozenDictionary(
            entry => Normal(Text(entry, WeChatPayV3Form.Serial)), entry => new KeptKey(PublicPem(entry)), StringComparer.OrdinalIgnoreCase);
        AnnouncedSerial = ring.Select(entry => Text(entry, WeChatPayV3Form.Serial)).LastOrDefault(WeChatPayV3Form.IsPublicKeyId);
    }

    internal string MerchantId { get; }

    internal string AppId { get; }

    internal string MerchantSerial { get; }

    /// <summary>Null where nobody is identified by this account.</summary>
    internal string? AppSecret { get; }

    internal KeptKey Merchant { get; }

    /// <summary>32 bytes.</summary>
    internal byte[] ApiV3Key { get; }

    /// <summary>
    /// The public key's id that requests announce: without it the gateway goes on signing answers with a certificate. Null while
    /// the account has certificates only.
    /// </summary>
    internal string? AnnouncedSerial { get; }

    /// <summary>Every key of the gateway that is alive, by serial.</summary>
    internal IReadOnlyDictionary<string, KeptKey> Platform => _platform;

    /// <returns>Null for a serial that is not in the ring. There is no fallback to another key.</returns>
    internal KeptKey? Find(string serial) => _platform.GetValueOrDefault(Normal(serial));

    /// <summary>Serials are numbers in hex, and tools differ in whether they write the leading zeros.</summary>
    internal static string Normal(string serial) => serial.TrimStart('0');

    private static string Text(JsonObject form, string name) => form[name]?.GetValue<string>() ?? "";

    private static string PublicPem(JsonObject entry)
    {
        var text = Text(entry, WeChatPayV3Form.PublicKey) is { Length: > 0 } pem ? pem : Text(entry, WeChatPayV3Form.Certificate);
        return KeyText.ReadPublicKey(text) is KeyReadResult.Readable key
            ? key.Pem
            : throw new InvalidOperationException($"The stored platform key {Text(entry, WeChatPayV3Form.Serial)} cannot be read.");
    }
}
