using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>Reads the form of an account. Blanks and line ends that came with a pasted key are dropped: none of these values has any.</summary>
internal static partial class WeChatLegacyAppForm
{
    internal const string AppId = "app_id";
    internal const string AppSecret = "app_secret";
    internal const string PartnerId = "partner_id";
    internal const string PartnerKey = "partner_key";
    internal const string PaySignKey = "pay_sign_key";

    internal static ChannelFormResult Read(JsonObject form)
    {
        var reader = new ChannelFormReader(form, ChannelFormReader.WithoutBlanks);
        var appId = reader.Read(AppId, ApplicationId(), "Enter the AppID of the app at the open platform: wx and 16 letters or digits.");
        reader.ReadSecret(AppSecret, SecretText(), "Enter the AppSecret: 16 to 64 letters and digits.");
        var partnerId = reader.Read(PartnerId, PartnerNumber(), "Enter the partnerId, the merchant number at Tenpay: 6 to 32 digits.");
        reader.ReadSecret(PartnerKey, PartnerKeyText(), "Enter the partnerKey: exactly 32 letters and digits.");
        reader.ReadSecret(PaySignKey, PaySignKeyText(), "Enter the paySignKey: exactly 128 letters and digits.");
        return reader.Finish(partnerId, appId);
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
