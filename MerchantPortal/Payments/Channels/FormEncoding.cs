using System.Globalization;
using System.Text;

namespace MerchantPortal.Payments.Channels;

/// <summary>The two layers of a form's text: percent signs, then the charset. Both strict.</summary>
internal static class FormEncoding
{
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static readonly Encoding Gbk = CodePage(936);

    private static readonly Encoding Gb18030 = CodePage(54936);

    /// <returns>Null for a charset that no gateway uses.</returns>
    public static Encoding? Charset(string label) => label.ToLowerInvariant() switch
    {
        "" or "utf-8" or "utf8" => Utf8,
        "gbk" or "gb2312" => Gbk,
        "gb18030" => Gb18030,
        _ => null,
    };

    /// <summary><c>+</c> is a blank, <c>%XX</c> a byte, anything else itself.</summary>
    /// <param name="decoded">Has room for as many bytes as <paramref name="encoded"/>.</param>
    /// <returns>False when a percent sign is not followed by two hexadecimal digits.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> decoded, out int length)
    {
        length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var value = encoded[i];
            if (value == '%')
            {
                if (i + 2 >= encoded.Length
                    || !byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
                {
                    return false;
                }

                i += 2;
            }
            else if (value == '+')
            {
                value = (byte)' ';
            }

            decoded[length++] = value;
        }

        return true;
    }

    public static bool IsText(Encoding charset, ReadOnlySpan<byte> bytes)
    {
        if (charset == Utf8 || Ascii.IsValid(bytes))
        {
            return System.Text.Unicode.Utf8.IsValid(bytes);
        }

        try
        {
            return charset.GetCharCount(bytes) >= 0;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <returns>Null when the bytes are not text of that charset.</returns>
    public static string? Text(Encoding charset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return charset.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <returns>Null when the charset has no such characters.</returns>
    public static byte[]? Bytes(Encoding charset, string text)
    {
        try
        {
            return charset.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding CodePage(int page) =>
        CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
        ?? throw new PlatformNotSupportedException($"The runtime lacks code page {page}.");
}
