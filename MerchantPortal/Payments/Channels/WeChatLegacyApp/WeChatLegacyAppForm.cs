using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>Reads the form of an account. Blanks and line ends that came with a pasted key are dropped: none of these values has any.</summary>
internal sealed partial class WeChatLegacyAppForm
{
    internal const string AppId = "app_id";
    internal const string AppSecret = "app_secret";
    internal const string PartnerId = "partner_id";
    internal const string PartnerKey = "partner_key";
    internal const string PaySignKey = "pay_sign_key";

    private readonly Dictionary<string, string> _errors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fingerprints = new(StringComparer.Ordinal);
    private readonly JsonObject _normalised = [];

    internal static ChannelFormResult Read(JsonObject form) => new WeChatLegacyAppForm().ReadAll(form);

    private ChannelFormResult ReadAll(JsonObject form)
    {
        var appId = Text(form, AppId, ApplicationId(), "Enter the AppID of the app at the open platform: wx and 16 letters or digits.");
        Secret(form, AppSecret, SecretText(), "Enter the AppSecret: 16 to 64 letters and digits.");
        var partnerId = Text(form, PartnerId, PartnerNumber(), "Enter the partnerId, the merchant number at Tenpay: 6 to 32 digits.");
        Secret(form, PartnerKey, PartnerKeyText(), "Enter the partnerKey: exactly 32 letters and digits.");
        Secret(form, PaySignKey, PaySignKeyText(), "Enter the paySignKey: exactly 128 letters and digits.");
        return _errors.Count > 0
            ? new ChannelFormResult.Invalid(_errors)
            : new ChannelFormResult.Valid(_normalised, partnerId, appId, _fingerprints);
    }

    private void Secret(JsonObject form, string name, Regex pattern, string error) =>
        _fingerprints[name] = Mask.Fingerprint(Encoding.UTF8.GetBytes(Text(form, name, pattern, error)));

    private string Text(JsonObject form, string name, Regex pattern, string error)
    {
        var given = form[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
        var clean = string.Concat(given.Where(letter => !char.IsWhiteSpace(letter)));
        _normalised[name] = clean;
        if (!pattern.IsMatch(clean))
        {
            _errors[name] = error;
        }

        return clean;
    }

    [GeneratedRegex(@"\Awx[0-9A-Za-z]{16}\z")]
    private static partial Regex ApplicationId();

    [GeneratedRegex(@"\A[0-9A-Za-z]{16,64}\z")]
    private static partial Regex SecretText();

    [GeneratedRegex(@"\A[0-9]{6,32}\z")]
    private static partial Regex PartnerNumber();

    [GeneratedRegex(@"\A[0-9A-Za-z]{32}\z")]
    private static partial Regex PartnerKeyText();

    [GeneratedRegex(@"\A[0-9A-Za-z]{128}\z")]
    private static partial Regex PaySignKeyText();
}
