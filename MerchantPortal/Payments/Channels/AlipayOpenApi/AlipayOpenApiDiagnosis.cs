using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>
/// Says why a signature was refused, by trying the usual mistakes one by one. It only explains: a text that one of these ways
/// would prove stays refused.
/// </summary>
internal static class AlipayOpenApiDiagnosis
{
    /// <param name="Code">Stable name of the cause.</param>
    /// <param name="Sentence">What happened and what to do.</param>
    internal sealed record Finding(string Code, string Sentence);

    private static readonly Finding Unexplained = new("unexplained", "No usual mistake explains it: forged, altered on the way, or another key.");

    public static Finding Of(RawForm form, AlipayOpenApiKeys keys)
    {
        var sign = form[AlipayWire.Sign] ?? "";
        if (sign.Contains(' ', StringComparison.Ordinal) && Proves(keys.Alipay, form, sign.Replace(' ', '+')))
        {
            return new("plus_as_blank", "The plus signs of sign arrived as blanks: the sender or a proxy did not percent-encode them.");
        }

        return AlipayOpenApiSignature.ReadBase64(sign) is { } signature ? Of(form, signature, keys) : NotBase64(sign);
    }

    private static Finding Of(RawForm form, byte[] signature, AlipayOpenApiKeys keys)
    {
        var text = AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: true);
        if (AlipayOpenApiSignature.Verify(keys.App, text, signature))
        {
            return new("app_key", "Signed with the app's own key (应用私钥). Alipay signs with its own: 支付宝公钥 and 应用公钥 were mixed up.");
        }

        if (IsSha1(keys.AlipayPem, text, signature))
        {
            return new("sha1", "Alipay's key, but RSA with SHA-1: set the app's 接口加签方式 to RSA2.");
        }

        if (AlipayOpenApiSignature.Verify(keys.Alipay, text, signature))
        {
            return new("sign_type", "The signature itself is right, but sign_type was changed on the way or left out.");
        }

        return Retold(form).FirstOrDefault(way => AlipayOpenApiSignature.Verify(keys.Alipay, way.Text, signature)).Finding ?? Unexplained;
    }

    private static IEnumerable<(byte[] Text, Finding Finding)> Retold(RawForm form)
    {
        yield return (
            AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: true, withSignType: true),
            new("sign_type_included", "The signer included sign_type in the text; for payments it must be left out."));
        var unsorted = form.Fields.Where(field => field.Name is not (AlipayWire.Sign or AlipayWire.SignType)).ToList();
        yield return (
            AlipayOpenApiSignature.Join(unsorted.OrderBy(field => field.Name, StringComparer.InvariantCulture)),
            new("culture_order", "The signer sorted the fields by a language's rules instead of by byte."));
        yield return (AlipayOpenApiSignature.Join(unsorted), new("unsorted", "The signer did not sort the fields."));
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

    /// <summary>The text as it would be with every value told in another way; empty when that charset cannot tell it.</summary>
    private static byte[] With(RawForm form, Encoding charset, Func<string, string> retell)
    {
        var fields = form.Fields
            .Select(field => field with { ValueBytes = FormEncoding.Bytes(charset, retell(field.Value)) ?? [] })
            .ToList();
        return AlipayOpenApiSignature.NotificationText(fields, keepEmpty: true);
    }

    private static bool IsSha1(string pem, byte[] text, byte[] signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa.VerifyData(text, signature, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
    }

    private static bool Proves(KeptKey key, RawForm form, string sign) =>
        AlipayOpenApiSignature.ReadBase64(sign) is { } signature
        && AlipayOpenApiSignature.Verify(key, AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: true), signature);

    private static Finding NotBase64(string sign) =>
        new("not_base64", $"The sign is not base64 as Alipay writes it ({sign.Length} characters).");
}
