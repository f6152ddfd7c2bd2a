using System.Net;
using System.Text;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>Says why a signature was refused, by trying the usual mistakes. It only explains: what one of these ways would prove stays refused.</summary>
internal static class WeChatLegacyAppDiagnosis
{
    /// <param name="Code">Stable name of the cause.</param>
    /// <param name="Sentence">What happened and what to do.</param>
    internal sealed record Finding(string Code, string Sentence);

    private static readonly Finding Unexplained = new("unexplained", "No usual mistake explains it: forged, altered on the way, or another key.");

    public static Finding Of(RawForm form, string sign, WeChatLegacyAppKeys keys)
    {
        var text = WeChatLegacyAppSignature.NotificationText(form.Fields);
        return keys.Mistaken.Verify(text, sign)
            ? new("pay_sign_key", "Signed with what this account has as paySignKey: partnerKey and paySignKey were mixed up.")
            : Retold(form).FirstOrDefault(way => keys.Partner.Verify(way.Text, sign)).Finding ?? Unexplained;
    }

    private static IEnumerable<(byte[] Text, Finding Finding)> Retold(RawForm form)
    {
        yield return (
            WeChatLegacyAppSignature.NotificationText(form.Fields, keepEmpty: true),
            new("empty_included", "The signer kept empty fields in the text; they must be left out."));
        yield return (
            WeChatLegacyAppSignature.NotificationText(form.Fields.Where(field => field.Name != WeChatLegacyAppWire.SignType)),
            new("sign_type_left_out", "The signer left sign_type out of the text; here it belongs to it."));
        yield return (
            With(form, form.Charset, Uri.UnescapeDataString),
            new("encoded_twice", "The values arrive percent-encoded twice: a proxy or a tool encoded the address once more."));
        yield return (
            With(form, form.Charset, Uri.EscapeDataString),
            new("signed_encoded", "The signer signed the percent-encoded values instead of the raw ones."));
        yield return (
            With(form, form.Charset, WebUtility.HtmlDecode),
            new("html_escaped", "The values arrive HTML-escaped (&quot;): something on the way cleans input."));
        var other = form.Charset.CodePage == FormEncoding.Utf8.CodePage ? FormEncoding.Gbk : FormEncoding.Utf8;
        yield return (
            With(form, other, value => value),
            new("other_charset", "The signature is over another charset than input_charset says."));
    }

    /// <summary>The text as it would be with every value told in another way.</summary>
    private static byte[] With(RawForm form, Encoding charset, Func<string, string> retell) => WeChatLegacyAppSignature.NotificationText(
        form.Fields.Select(field => field with { ValueBytes = FormEncoding.Bytes(charset, retell(field.Value)) ?? [] }));
}
