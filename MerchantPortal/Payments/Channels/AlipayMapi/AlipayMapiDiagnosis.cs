using MerchantPortal.Payments.Channels.AlipayOpenApi;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>
/// Says why a signature was refused, by trying the usual mistakes one by one. It only explains: a text that one of these ways would
/// prove stays refused.
/// </summary>
internal static class AlipayMapiDiagnosis
{
    public static Finding Of(RawForm form, string sign, AlipayMapiSignature signature)
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

        return Retold(form).FirstOrDefault(way => signature.Verify(way.Text, sign))?.Finding ?? Finding.Unexplained;
    }

    private static IEnumerable<UsualMistake> Retold(RawForm form)
    {
        var retold = new RetoldForm(form, Text);
        yield return new(
            [.. Text(form), .. "&key="u8],
            new("glued_by_key", "The signer put &key= between the text and the key, as WeChat Pay does; Alipay puts nothing there."));
        yield return new(
            AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: true),
            new("empty_kept", "The signer kept empty values in the text; here they are left out."));
        yield return new(
            AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: false, withSignType: true),
            new("sign_type_included", "The signer included sign_type in the text; for payments it must be left out."));
        yield return new(
            AlipayOpenApiSignature.Join(form.Fields.Where(field => field.ValueBytes.Length > 0 && field.Name is not (MapiWire.Sign or MapiWire.SignType))),
            new("unsorted", "The signer did not sort the fields."));
        yield return retold.EncodedTwice("body");
        yield return retold.HtmlEscaped();
        yield return retold.OtherCharset();
    }

    private static byte[] Text(RawForm form) => Text(form.Fields);

    private static byte[] Text(IReadOnlyList<RawField> fields) => AlipayOpenApiSignature.NotificationText(fields, keepEmpty: false);
}
