using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>An account's identity and keys, opened once.</summary>
internal sealed class WeChatPayV3Keys
{
    private readonly FrozenDictionary<string, PlatformKey> _platform;

    /// <param name="form">One that <see cref="WeChatPayV3Form.Read"/> has normalised.</param>
    /// <param name="downloaded">What the gateway has handed out; the form's own keys come first.</param>
    internal WeChatPayV3Keys(JsonObject form, IReadOnlyList<PlatformCertificate> downloaded)
    {
        MerchantId = Text(form, WeChatPayV3Form.MchId);
        AppId = Text(form, WeChatPayV3Form.AppId);
        MerchantSerial = Text(form, WeChatPayV3Form.MerchantSerial);
        Merchant = new KeptKey(Text(form, WeChatPayV3Form.MerchantPrivateKey));
        AppSecret = form[WeChatPayV3Form.AppSecret]?.GetValue<string>();
        ApiV3Key = Encoding.UTF8.GetBytes(Text(form, WeChatPayV3Form.ApiV3Key));
        var ring = form[WeChatPayV3Form.PlatformKeys]?.AsArray().OfType<JsonObject>().ToList() ?? [];
        _platform = With(ring.Select(OfForm), downloaded);
        AnnouncedSerial = ring.Select(entry => Text(entry, WeChatPayV3Form.Serial)).LastOrDefault(WeChatPayV3Form.IsPublicKeyId);
        DownloadsKeys = ring.Count == 0 || ring.Exists(entry => !WeChatPayV3Form.IsPublicKeyId(Text(entry, WeChatPayV3Form.Serial)));
    }

    /// <summary>The same account with more keys of the gateway.</summary>
    internal WeChatPayV3Keys(WeChatPayV3Keys keys, IReadOnlyList<PlatformCertificate> downloaded)
    {
        (MerchantId, AppId, MerchantSerial, Merchant) = (keys.MerchantId, keys.AppId, keys.MerchantSerial, keys.Merchant);
        (AppSecret, ApiV3Key, AnnouncedSerial, DownloadsKeys) = (keys.AppSecret, keys.ApiV3Key, keys.AnnouncedSerial, keys.DownloadsKeys);
        _platform = With(keys._platform.Values, downloaded);
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

    /// <summary>True unless the account has public keys only: those never change, and the gateway hands none out.</summary>
    internal bool DownloadsKeys { get; }

    /// <summary>Every key of the gateway, by serial, also those that have ended.</summary>
    internal IReadOnlyDictionary<string, PlatformKey> Platform => _platform;

    /// <param name="at">When the message was signed, or arrived: a certificate proves nothing after its end.</param>
    /// <returns>Null for a serial that is not in the ring. There is no fallback to another key.</returns>
    internal KeptKey? Find(string serial, DateTimeOffset at) =>
        _platform.TryGetValue(Normal(serial), out var found) && found.IsAliveAt(at) ? found.Key : null;

    internal bool IsAnyAlive(DateTimeOffset at) => _platform.Values.Any(key => key.IsAliveAt(at));

    /// <summary>The certificate that lasts longest; null when the account has none that is alive.</summary>
    internal string? NewestSerial(DateTimeOffset at) => _platform.Values.Where(key => key.IsAliveAt(at)).MaxBy(key => key.NotAfter)?.Serial;

    /// <summary>Serials are numbers in hex, and tools differ in whether they write the leading zeros.</summary>
    internal static string Normal(string serial) => serial.TrimStart('0');

    private static string Text(JsonObject form, string name) => form[name]?.GetValue<string>() ?? "";

    private static FrozenDictionary<string, PlatformKey> With(IEnumerable<PlatformKey> known, IReadOnlyList<PlatformCertificate> downloaded) =>
        known.Concat(downloaded.Select(certificate => OfPem(certificate.Serial, certificate.Pem)))
            .DistinctBy(key => Normal(key.Serial), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(key => Normal(key.Serial), StringComparer.OrdinalIgnoreCase);

    private static PlatformKey OfForm(JsonObject entry) => OfPem(
        Text(entry, WeChatPayV3Form.Serial),
        Text(entry, WeChatPayV3Form.PublicKey) is { Length: > 0 } pem ? pem : Text(entry, WeChatPayV3Form.Certificate));

    private static PlatformKey OfPem(string serial, string pem) => KeyText.ReadPublicKey(pem) is KeyReadResult.Readable key
        ? new PlatformKey(serial, new KeptKey(key.Pem), key.Certificate?.NotAfter)
        : throw new InvalidOperationException($"The stored platform key {serial} cannot be read.");

    /// <param name="NotAfter">Null for a bare key, which has no end.</param>
    internal sealed record PlatformKey(string Serial, KeptKey Key, DateTimeOffset? NotAfter)
    {
        internal bool IsAliveAt(DateTimeOffset at) => NotAfter is null || at <= NotAfter;
    }
}
