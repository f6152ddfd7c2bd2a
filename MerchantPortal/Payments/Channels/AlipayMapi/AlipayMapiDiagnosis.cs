using System.Net;
using System.Text;
using MerchantPortal.Payments.Channels.AlipayOpenApi;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>
/// Says why a signature was refused, by trying the usual mistakes one by one. It only explains: a text that one of these ways would
/// prove stays refused.
/// </summary>
internal static class AlipayMapiDiagnosis
{
    private static readonly AlipayOpenApiDiagnosis.Finding Unexplained =
        new("unexplained", "No usual mistake explains it: forged, altered on the way, or another key.");

    public static AlipayOpenApiDiagnosis.Finding Of(RawForm form, string sign, AlipayMapiSignature signature)
    {
        if (sign.Contains(' ', StringComparison.Ordinal) && signature.Verify(Text(form), sign.Replace(' ', '+')))
        {
            return new("plus_as_blank", "The plus signs of sign arrived as blanks: the sender or a proxy did not percent-encode them.");
        }

        if (signature.Verify(Text(form), sign))
        {
            return new("sign_type", "The signature itself is right, but sign_type was changed on the way or left out.");
        }

        if (signature.IsOurs(Text(form), sign))
        {
            return new("own_key", "Signed with the merchant's own key (商户私钥). Alipay signs with its own: 支付宝公钥 and 商户公钥 were mixed up.");
        }

        if (sign.Length == 32 != (signature.Name == AlipayMapiForm.Md5))
        {
            return new("other_algorithm", "The sign looks like the other of MD5 and RSA: compare the account's 签名方式 with the contract.");
        }

        return Retold(form).FirstOrDefault(way => signature.Verify(way.Text, sign)).Finding ?? Unexplained;
    }

    private static IEnumerable<(byte[] Text, AlipayOpenApiDiagnosis.Finding Finding)> Retold(RawForm form)
    {
        yield return (
            [.. Text(form), .. "&key="u8],
            new("glued_by_key", "The signer put &key= between the text and the key, as WeChat Pay does; Alipay puts nothing there."));
        yield return (
            AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: true),
            new("empty_kept", "The signer kept empty values in the text; here they are left out."));
        yield return (
            AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: false, withSignType: true),
            new("sign_type_included", "The signer included sign_type in the text; for payments it must be left out."));
        yield return (
            AlipayOpenApiSignature.Join(form.Fields.Where(field => field.ValueBytes.Length > 0 && field.Name is not (MapiWire.Sign or MapiWire.SignType))),
            new("unsorted", "The signer did not sort the fields."));
        yield return (
            With(form, form.Charset, Uri.UnescapeDataString),
            new("encoded_twice", "The values arrive percent-encoded twice: a proxy or a tool encoded the body once more."));
        yield return (
            With(form, form.Charset, WebUtility.HtmlDecode),
            new("html_escaped", "The values arrive HTML-escaped (&quot;): something on the way cleans input."));
        var other = form.Charset.CodePage == FormEncoding.Utf8.CodePage ? FormEncoding.Gbk : FormEncoding.Utf8;
        yield return (
            With(form, other, value => value),
            new("other_charset", $"Signed as {other.WebName}, but the form says {form.Charset.WebName}: the charset was changed on the way."));
    }

    private static byte[] Text(RawForm form) => AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: false);

    /// <summary>The text as it would be with every value told in another way; empty values when that charset cannot tell them.</summary>
    private static byte[] With(RawForm form, Encoding charset, Func<string, string> retell) => AlipayOpenApiSignature.NotificationText(
        [.. form.Fields.Select(field => field with { ValueBytes = FormEncoding.Bytes(charset, retell(field.Value)) ?? [] })], keepEmpty: false);
}
