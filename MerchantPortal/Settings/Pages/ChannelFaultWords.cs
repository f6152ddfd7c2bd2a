using System.Globalization;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

/// <summary>
/// Channels say in English what is wrong with a field. A Chinese reader gets the same in the console's own words, found by what is
/// peculiar to each sentence; one without words of its own falls back to what the field should be.
/// </summary>
internal static class ChannelFaultWords
{
    private static readonly (string Part, string Name)[] Known =
    [
        ("own public key (应用公钥)", "KeyFault.AppPublicKey"),
        ("your own merchant key", "KeyFault.OwnKey"),
        ("Nothing was pasted", "KeyFault.Missing"),
        ("Paste 支付宝公钥.", "KeyFault.Missing"),
        ("Fill in either", "KeyFault.TwoModes"),
        ("own public key (商户公钥)", "KeyFault.MapiOwnKey"),
        ("Paste the safety code", "KeyFault.SafetyCode"),
        ("Choose MD5 or RSA", "KeyFault.SignType"),
        ("合作者身份", "KeyFault.PartnerNumber"),
        ("Paste the whole of", "KeyFault.NotCertificate"),
        ("certificate does not belong", "KeyFault.CertificateOfOther"),
        ("another of the three certificates", "KeyFault.OtherCertificate"),
        ("cannot be read as a key", "KeyFault.Unreadable"),
        ("protected by a passphrase", "KeyFault.Passphrase"),
        ("bits; at least", "KeyFault.TooShort"),
        ("paste all three certificates", "KeyFault.KeyMode"),
        ("This is a certificate", "KeyFault.Certificate"),
        ("This is a private key", "KeyFault.PrivateKey"),
        ("This is a public key", "KeyFault.PublicKey"),
        ("This is the public key", "KeyFault.PublicKey"),
        ("not an RSA key", "KeyFault.NotRsa"),
        ("number of the app", "KeyFault.AppNumber"),
        ("is given twice", "KeyFault.SerialTwice"),
        ("certificate's serial is", "KeyFault.SerialDiffers"),
        ("APIv3 key has exactly", "KeyFault.ApiV3Length"),
        ("Enter its serial", "KeyFault.SerialMissing"),
        ("keys of WeChat Pay", "KeyFault.RingEmpty"),
        ("Give a name", "NameFault"),
    ];

    public static string ChannelFault(this IStringLocalizer<SettingsText> text, string channel, string field, string detail)
    {
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en")
        {
            return detail;
        }

        var name = Known.FirstOrDefault(known => detail.Contains(known.Part, StringComparison.Ordinal)).Name;
        return name is null ? text["FieldFault", text.Field(channel, field), text.FieldHelp(channel, field)] : text[name];
    }
}
