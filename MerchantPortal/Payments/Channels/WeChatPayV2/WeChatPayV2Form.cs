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

    private readonly ChannelFormReader _form;

    private WeChatPayV2Form(JsonObject form) => _form = new(form, ChannelFormReader.TrimmedOrNumber);

    internal static ChannelFormResult Read(JsonObject form) => new WeChatPayV2Form(form).ReadAll();

    private ChannelFormResult ReadAll()
    {
        var merchantId = _form.Read(MchId, MerchantNumber(), "Enter the merchant number (商户号): 6 to 32 digits.");
        var appId = _form.Read(AppId, ApplicationId(), "Enter the AppID that is bound to the merchant number: it begins with wx.");
        _form.ReadSecret(Key, SharedKey(), "Enter the API key (APIv2 密钥): exactly 32 letters and digits. It is not the APIv3 key.");
        ReadSignType(_form.Text(SignType));
        ReadCertificate(_form.Text(ClientCertificate), merchantId);
        if (_form.IsFilled(AppSecret))
        {
            _form.ReadSecret(AppSecret, SharedKey(), "Enter the official account's AppSecret (公众号 AppSecret): 32 letters and digits. Leave it empty when nobody pays inside WeChat.");
        }

        return _form.Finish(merchantId, appId);
    }

    private void ReadSignType(string text)
    {
        _form.Keep(SignType, text.Length == 0 ? Md5 : text);
        if (text is not ("" or Md5 or HmacSha256))
        {
            _form.Refuse(SignType, $"Choose {Md5} or {HmacSha256}.");
        }
    }

    private void ReadCertificate(string text, string merchantId)
    {
        if (text.Length == 0)
        {
            return;
        }

        switch (WeChatPayV2Certificate.Read(text, merchantId))
        {
            case WeChatPayV2Certificate.Reading.Readable(var pem, var fingerprint, var notAfter):
                _form.Keep(ClientCertificate, pem);
                _form.Show(ClientCertificate, fingerprint, notAfter);
                break;
            case WeChatPayV2Certificate.Reading.Unreadable(var message):
                _form.Refuse(ClientCertificate, message);
                break;
        }
    }

    [GeneratedRegex(@"\A[0-9]{6,32}\z")]
    private static partial Regex MerchantNumber();

    [GeneratedRegex(@"\Awx[0-9A-Za-z]{1,30}\z")]
    private static partial Regex ApplicationId();

    [GeneratedRegex(@"\A[0-9A-Za-z]{32}\z")]
    private static partial Regex SharedKey();
}
