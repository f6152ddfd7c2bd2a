using System.Security.Cryptography;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>
/// Says why a signature was refused, by trying the usual mistakes one by one. It only explains: a text that one of these ways
/// would prove stays refused.
/// </summary>
internal static class AlipayOpenApiDiagnosis
{
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

        return Retold(form).FirstOrDefault(way => AlipayOpenApiSignature.Verify(keys.Alipay, way.Text, signature))?.Finding ?? Finding.Unexplained;
    }

    private static IEnumerable<UsualMistake> Retold(RawForm form)
    {
        var retold = new RetoldForm(form, fields => AlipayOpenApiSignature.NotificationText(fields, keepEmpty: true));
        yield return new(
            AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: true, withSignType: true),
            new("sign_type_included", "The signer included sign_type in the text; for payments it must be left out."));
        var unsorted = form.Fields.Where(field => field.Name is not (AlipayWire.Sign or AlipayWire.SignType)).ToList();
        yield return new(
            AlipayOpenApiSignature.Join(unsorted.OrderBy(field => field.Name, StringComparer.InvariantCulture)),
            new("culture_order", "The signer sorted the fields by a language's rules instead of by byte."));
        yield return new(AlipayOpenApiSignature.Join(unsorted), new("unsorted", "The signer did not sort the fields."));
        yield return retold.EncodedTwice("body");
        yield return retold.HtmlEscaped();
        yield return retold.OtherCharset();
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
