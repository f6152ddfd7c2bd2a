using System.Net;
using System.Text;

namespace MerchantPortal.Payments.Channels;

/// <summary>A form as it would read had somebody on its way changed every value. The mistakes that all form-based protocols share.</summary>
/// <param name="signedText">The text that the protocol makes of fields.</param>
internal sealed class RetoldForm(RawForm form, Func<IReadOnlyList<RawField>, byte[]> signedText)
{
    /// <param name="part">Where the form stands: the body, or the address.</param>
    public UsualMistake EncodedTwice(string part) => new(
        With(Uri.UnescapeDataString),
        new("encoded_twice", $"The values arrive percent-encoded twice: a proxy or a tool encoded the {part} once more."));

    public UsualMistake HtmlEscaped() => new(
        With(WebUtility.HtmlDecode),
        new("html_escaped", "The values arrive HTML-escaped (&quot;): something on the way cleans input."));

    /// <param name="sentence">What to say where the charset does not stand in the form itself; null where it does.</param>
    public UsualMistake OtherCharset(string? sentence = null)
    {
        var other = form.Charset.CodePage == FormEncoding.Utf8.CodePage ? FormEncoding.Gbk : FormEncoding.Utf8;
        return new(
            With(other, value => value),
            new("other_charset", sentence ?? $"Signed as {other.WebName}, but the form says {form.Charset.WebName}: the charset was changed on the way."));
    }

    /// <summary>The text as it would be with every value told in another way; a value is empty when the charset cannot tell it.</summary>
    public byte[] With(Func<string, string> retell) => With(form.Charset, retell);

    private byte[] With(Encoding charset, Func<string, string> retell) =>
        signedText([.. form.Fields.Select(field => field with { ValueBytes = FormEncoding.Bytes(charset, retell(field.Value)) ?? [] })]);
}
