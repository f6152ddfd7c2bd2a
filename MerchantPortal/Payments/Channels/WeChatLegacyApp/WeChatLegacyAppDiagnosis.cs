namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>Says why a signature was refused, by trying the usual mistakes. It only explains: what one of these ways would prove stays refused.</summary>
internal static class WeChatLegacyAppDiagnosis
{
    public static Finding Of(RawForm form, string sign, WeChatLegacyAppKeys keys)
    {
        var text = WeChatLegacyAppSignature.NotificationText(form.Fields);
        return keys.Mistaken.Verify(text, sign)
            ? new("pay_sign_key", "Signed with what this account has as paySignKey: partnerKey and paySignKey were mixed up.")
            : Retold(form).FirstOrDefault(way => keys.Partner.Verify(way.Text, sign))?.Finding ?? Finding.Unexplained;
    }

    private static IEnumerable<UsualMistake> Retold(RawForm form)
    {
        var retold = new RetoldForm(form, fields => WeChatLegacyAppSignature.NotificationText(fields));
        yield return new(
            WeChatLegacyAppSignature.NotificationText(form.Fields, keepEmpty: true),
            new("empty_included", "The signer kept empty fields in the text; they must be left out."));
        yield return new(
            WeChatLegacyAppSignature.NotificationText(form.Fields.Where(field => field.Name != WeChatLegacyAppWire.SignType)),
            new("sign_type_left_out", "The signer left sign_type out of the text; here it belongs to it."));
        yield return retold.EncodedTwice("address");
        yield return new(
            retold.With(Uri.EscapeDataString),
            new("signed_encoded", "The signer signed the percent-encoded values instead of the raw ones."));
        yield return retold.HtmlEscaped();
        yield return retold.OtherCharset("The signature is over another charset than input_charset says.");
    }
}
