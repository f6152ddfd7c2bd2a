using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>Reads the form of an account: blanks trimmed, keys brought into one form, one message per field that is wrong.</summary>
internal sealed partial class WeChatPayV3Form
{
    internal const string MchId = "mch_id";
    internal const string AppId = "app_id";
    internal const string MerchantSerial = "merchant_serial";
    internal const string MerchantPrivateKey = "merchant_private_key";
    internal const string ApiV3Key = "api_v3_key";
    internal const string PlatformKeys = "platform_keys";
    internal const string AppSecret = "app_secret";
    internal const string Serial = "serial";
    internal const string PublicKey = "public_key";
    internal const string Certificate = "certificate";

    private const int MaxPlatformKeys = 20;

    private readonly ChannelFormReader _form;
    private KeyReadResult.Readable? _own;

    private WeChatPayV3Form(JsonObject form) => _form = new(form, ChannelFormReader.TrimmedOrNumber);

    internal static ChannelFormResult Read(JsonObject form) => new WeChatPayV3Form(form).ReadAll(form[PlatformKeys] as JsonArray ?? []);

    internal static bool IsPublicKeyId(string serial) => serial.StartsWith("PUB_KEY_ID_", StringComparison.OrdinalIgnoreCase);

    private ChannelFormResult ReadAll(JsonArray ring)
    {
        var merchantId = _form.Read(MchId, MerchantNumber(), "Enter the merchant number (商户号): 6 to 32 digits.");
        var appId = _form.Read(AppId, ApplicationId(), "Enter the AppID that is bound to the merchant number: it begins with wx.");
        _form.Read(MerchantSerial, HexSerial(), "Enter the serial number of the merchant API certificate: up to 40 hexadecimal digits.");
        _own = _form.ReadKey(MerchantPrivateKey, KeyText.ReadPrivateKey(_form.Text(MerchantPrivateKey)));
        ReadApiV3Key(_form.Text(ApiV3Key));
        ReadRing(ring);
        if (_form.IsFilled(AppSecret))
        {
            _form.ReadSecret(
                AppSecret, OfficialAccountSecret(), "Enter the official account's AppSecret (公众号 AppSecret): 32 letters and digits. Leave it empty when nobody pays inside WeChat.");
        }

        return _form.Finish(merchantId, appId);
    }

    private void ReadApiV3Key(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _form.Keep(ApiV3Key, text);
        _form.Show(ApiV3Key, Mask.Fingerprint(bytes));
        if (bytes.Length != WeChatPayV3Resource.KeyLength)
        {
            _form.Refuse(ApiV3Key, $"The APIv3 key has exactly {WeChatPayV3Resource.KeyLength} bytes; this one has {bytes.Length}.");
        }
    }

    private void ReadRing(JsonArray ring)
    {
        var normalised = new JsonArray();
        var errors = new List<string>();
        var serials = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Math.Min(ring.Count, MaxPlatformKeys); i++)
        {
            if (ReadPlatformKey(ring[i] as JsonObject ?? [], serials, normalised) is { } error)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"Key {i + 1}: {error}"));
            }
        }

        if (ring.Count > MaxPlatformKeys)
        {
            errors.Add($"Give at most {MaxPlatformKeys} keys of WeChat Pay: its public key (微信支付公钥) with the key's id, or its platform certificates. Without any, the certificates are downloaded.");
        }

        _form.Keep(PlatformKeys, normalised);
        if (errors.Count > 0)
        {
            _form.Refuse(PlatformKeys, string.Join(' ', errors));
        }
    }

    /// <returns>What is wrong; null when the key was added.</returns>
    private string? ReadPlatformKey(JsonObject entry, HashSet<string> serials, JsonArray normalised)
    {
        var result = KeyText.ReadPublicKey(Text(entry, PublicKey) is { Length: > 0 } given ? given : Text(entry, Certificate));
        if (result is KeyReadResult.Unreadable failure)
        {
            return failure.Message;
        }

        var key = (KeyReadResult.Readable)result;
        var serial = Text(entry, Serial) is { Length: > 0 } told ? told : key.Certificate?.Serial ?? "";
        serial = IsPublicKeyId(serial) ? serial : serial.ToUpperInvariant();
        if (Fault(serial, key) is { } fault)
        {
            return fault;
        }

        if (!serials.Add(WeChatPayV3Keys.Normal(serial)))
        {
            return $"The serial {serial} is given twice.";
        }

        normalised.Add(key.Certificate is { } certificate
            ? new JsonObject { [Serial] = serial, [Certificate] = certificate.Pem }
            : new JsonObject { [Serial] = serial, [PublicKey] = key.Pem });
        _form.Show($"{PlatformKeys}.{serial}", key.Fingerprint, key.Certificate?.NotAfter);
        return null;
    }

    private string? Fault(string serial, KeyReadResult.Readable key) =>
        !PlatformSerial().IsMatch(serial) ? "Enter its serial: the id that begins with PUB_KEY_ID_, or the certificate's serial number."
        : key.Fingerprint == _own?.Fingerprint
            ? "This is your own merchant key or certificate. Paste WeChat Pay's public key or platform certificate."
        : key.Certificate is { } certificate && !string.Equals(certificate.Serial, WeChatPayV3Keys.Normal(serial), StringComparison.OrdinalIgnoreCase)
            ? $"The certificate's serial is {certificate.Serial}, not {serial}."
        : null;

    private static string Text(JsonObject entry, string name) => ChannelFormReader.TrimmedOrNumber(entry[name]);

    [GeneratedRegex(@"\A[0-9]{6,32}\z")]
    private static partial Regex MerchantNumber();

    [GeneratedRegex(@"\Awx[0-9A-Za-z]{1,30}\z")]
    private static partial Regex ApplicationId();

    [GeneratedRegex(@"\A[0-9A-Za-z]{32}\z")]
    private static partial Regex OfficialAccountSecret();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{1,40}\z")]
    private static partial Regex HexSerial();

    [GeneratedRegex(@"\A[0-9A-Za-z_]{1,64}\z")]
    private static partial Regex PlatformSerial();
}
