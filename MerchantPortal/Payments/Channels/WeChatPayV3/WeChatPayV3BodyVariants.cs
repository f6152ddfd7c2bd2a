using System.Text.Encodings.Web;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>What a body may have been before something on the way changed it, each with the name of that mistake.</summary>
internal static class WeChatPayV3BodyVariants
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static IEnumerable<(string Mistake, byte[] Body)> Of(byte[] body)
    {
        yield return ("The body was lost on the way: the signature is that of an empty one.", []);
        yield return ("A line feed was cut off the end of the body on the way.", [.. body, (byte)'\n']);
        yield return ("A line end was added to the body on the way.", body.AsSpan().TrimEnd("\r\n"u8).ToArray());
        yield return ("Line ends were changed from LF to CRLF on the way.", Replace(body, "\r\n"u8, "\n"u8));
        yield return ("Line ends were changed from CRLF to LF on the way.", Replace(body, "\n"u8, "\r\n"u8));
        if (body.AsSpan().StartsWith(ByteOrderMark))
        {
            yield return ("A byte order mark was put before the body on the way.", body[ByteOrderMark.Length..]);
        }

        foreach (var (form, json) in Spacings(body))
        {
            yield return ($"The JSON was read and written again on the way ({form}). Hand the body on byte for byte.", json);
        }
    }

    private static IEnumerable<(string Form, byte[] Json)> Spacings(byte[] body)
    {
        yield return ("blanks were added", Respace(body, separatorBlanks: false));
        yield return ("blanks after commas and colons were dropped", Respace(body, separatorBlanks: true));
        if (Indent(body) is { } indented)
        {
            yield return ("indentation was dropped", indented);
        }
    }

    /// <summary>Drops the blanks outside strings and, if wanted, sets one after each comma and colon. Strings stay byte for byte.</summary>
    private static byte[] Respace(ReadOnlySpan<byte> json, bool separatorBlanks)
    {
        var result = new List<byte>(json.Length);
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (!inString && c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            result.Add(c);
            inString ^= c == '"';
            if (inString && c == '\\' && i + 1 < json.Length)
            {
                result.Add(json[++i]);
            }
            else if (!inString && separatorBlanks && c is (byte)',' or (byte)':')
            {
                result.Add((byte)' ');
            }
        }

        return [.. result];
    }

    private static byte[]? Indent(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return JsonSerializer.SerializeToUtf8Bytes(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Replace(ReadOnlySpan<byte> body, ReadOnlySpan<byte> old, ReadOnlySpan<byte> replacement)
    {
        var result = new List<byte>(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i..].StartsWith(old))
            {
                result.AddRange(replacement);
                i += old.Length - 1;
            }
            else
            {
                result.Add(body[i]);
            }
        }

        return [.. result];
    }
}
