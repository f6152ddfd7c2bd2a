using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>
/// Says why a signature was refused, by trying the usual mistakes one by one. It only explains: a text that one of these ways would
/// prove stays refused.
/// </summary>
internal static class WeChatPayV2Diagnosis
{
    /// <returns>A stable name of the cause, and what happened and what to do.</returns>
    public static (string Code, string Sentence) Of(FlatXml xml, string sign, WeChatPayV2Account account)
    {
        var text = WeChatPayV2Account.SignedText(xml.Fields);
        var upper = sign.ToUpperInvariant();
        var other = account.SignType == WeChatPayV2Form.Md5 ? WeChatPayV2Form.HmacSha256 : WeChatPayV2Form.Md5;
        if (WeChatPayV2Account.DigestOf(other, account.Key).Verify(text, upper))
        {
            return other == WeChatPayV2Form.Md5
                ? ("signed_md5", "Signed with the right key, but by MD5, while this account accepts HMAC-SHA256 only. If orders of yours were made with MD5, change sign_type of the account.")
                : ("signed_hmac", "Signed with the right key, but by HMAC-SHA256, while this account is set to MD5. Change sign_type of the account.");
        }

        return account.Digest.Verify(text, sign) ? ("sign_type", "The sign itself is right, but sign_type was changed on the way.")
            : account.Digest.Verify(text, upper) ? ("lower_case", "The sign is right but for lower-case letters: WeChat Pay writes capitals, so something else sent this.")
            : Unkeyed(text).Contains(upper) ? ("no_key", "This is a digest without any key: anybody could have made it.")
            : Retold(xml).FirstOrDefault(way => account.Digest.Verify(way.Text, upper)) is { Code: not null } way ? (way.Code, way.Sentence)
            : ("unexplained", "No usual mistake explains it: forged, altered on the way, or another API key.");
    }

    private static string[] Unkeyed(string text) =>
        [Md5(text), Md5(text + WeChatWire.KeyGlue), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))];

    [SuppressMessage("Security", "CA5351", Justification = "Names the forgery, believes nothing.")]
    private static string Md5(string text) => Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    private static IEnumerable<(string Code, string Sentence, string Text)> Retold(FlatXml xml)
    {
        var others = xml.Fields.Where(field => field.Key != WeChatWire.Sign).ToList();
        yield return ("sign_type_left_out", "The signer left sign_type out of the text; it must be signed too.", SortedFields.Text(others, WeChatWire.SignType));
        yield return ("empty_kept", "The signer kept fields without a value; they must be left out.", Join(others.OrderBy(field => field.Key, StringComparer.Ordinal)));
        yield return ("unsorted", "The signer did not sort the fields.", Join(others.Where(field => field.Value.Length > 0)));
        yield return (
            "url_encoded", "The signer percent-encoded the values; they must be signed as they are.",
            SortedFields.Text(others.Select(field => KeyValuePair.Create(field.Key, Uri.EscapeDataString(field.Value)))));
        yield return (
            "html_escaped", "The values arrive HTML-escaped (&quot;): something on the way cleans input.",
            SortedFields.Text(others.Select(field => KeyValuePair.Create(field.Key, WebUtility.HtmlDecode(field.Value)))));
        yield return (
            "trimmed", "Blanks around values were added on the way, as tools do that format XML.",
            SortedFields.Text(others.Select(field => KeyValuePair.Create(field.Key, field.Value.Trim()))));
    }

    private static string Join(IEnumerable<KeyValuePair<string, string>> fields) => string.Join('&', fields.Select(field => $"{field.Key}={field.Value}"));
}
