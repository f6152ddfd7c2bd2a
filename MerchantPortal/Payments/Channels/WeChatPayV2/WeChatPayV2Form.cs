using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>Reads the form of an account: blanks trimmed, one message per field that is wrong.</summary>
internal sealed partial class WeChatPayV2Form
{
    internal const string MchId = "mch_id";
    internal const string AppId = "app_id";
    internal const string Key = "key";
    internal const string SignType = "sign_type";
    internal const string ClientCertificate = "client_certificate";
    internal const string AppSecret = "app_secret";

    internal const string Md5 = "MD5";
    internal const string HmacSha256 = "HMAC-SHA256";

    private readonly Dictionary<string, string> _errors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fingerprints = new(StringComparer.Ordinal);
    private readonly JsonObject _normalised = [];

    internal static ChannelFormResult Read(JsonObject form) => new WeChatPayV2Form().ReadAll(form);

    private ChannelFormResult ReadAll(JsonObject form)
    {
        ReadText(form, MchId, MerchantNumber(), "Enter the merchant number (商户号): 6 to 32 digits.");
        ReadText(form, AppId, ApplicationId(), "Enter the AppID that is bound to the merchant number: it begins with wx.");
        ReadText(form, Key, SharedKey(), "Enter the API key (APIv2 密钥): exactly 32 letters and digits. It is not the APIv3 key.");
        ReadSignType(Text(form, SignType));
        ReadCertificate(Text(form, ClientCertificate));
        if (Text(form, AppSecret).Length > 0)
        {
            ReadText(form, AppSecret, SharedKey(), "Enter the official account's AppSecret (公众号 AppSecret): 32 letters and digits. Leave it empty when nobody pays inside WeChat.");
        }

        foreach (var name in new[] { Key, AppSecret }.Where(name => _normalised.ContainsKey(name)))
        {
            _fingerprints[name] = Mask.Fingerprint(Encoding.UTF8.GetBytes(Text(_normalised, name)));
        }

        return _errors.Count > 0
            ? new ChannelFormResult.Invalid(_errors)
            : new ChannelFormResult.Valid(_normalised, Text(_normalised, MchId), Text(_normalised, AppId), _fingerprints);
    }

    private void ReadText(JsonObject form, string name, Regex pattern, string error)
    {
        var text = Text(form, name);
        _normalised[name] = text;
        if (!pattern.IsMatch(text))
        {
            _errors[name] = error;
        }
    }

    private void ReadSignType(string text)
    {
        _normalised[SignType] = text.Length == 0 ? Md5 : text;
        if (text is not ("" or Md5 or HmacSha256))
        {
            _errors[SignType] = $"Choose {Md5} or {HmacSha256}.";
        }
    }

    private void ReadCertificate(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        switch (WeChatPayV2Certificate.Read(text, Text(_normalised, MchId)))
        {
            case WeChatPayV2Certificate.Reading.Readable(var pem, var fingerprint):
                _normalised[ClientCertificate] = pem;
                _fingerprints[ClientCertificate] = fingerprint;
                break;
            case WeChatPayV2Certificate.Reading.Unreadable(var message):
                _errors[ClientCertificate] = message;
                break;
        }
    }

    private static string Text(JsonObject form, string name) => form[name] is JsonValue value ? value.ToString().Trim() : "";

    [GeneratedRegex(@"\A[0-9]{6,32}\z")]
    private static partial Regex MerchantNumber();

    [GeneratedRegex(@"\Awx[0-9A-Za-z]{1,30}\z")]
    private static partial Regex ApplicationId();

    [GeneratedRegex(@"\A[0-9A-Za-z]{32}\z")]
    private static partial Regex SharedKey();
}
