namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>What a body may have been before something on the way changed it, each with the name of that mistake.</summary>
internal static class WeChatPayV3BodyVariants
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

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

        yield return (Rewritten("blanks were added"), JsonBlanks.None(body));
        yield return (Rewritten("blanks after commas and colons were dropped"), JsonBlanks.AfterSeparators(body));
        yield return (Rewritten("indentation was dropped"), JsonBlanks.Indented(body));
    }

    private static string Rewritten(string how) => $"The JSON was read and written again on the way ({how}). Hand the body on byte for byte.";

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
