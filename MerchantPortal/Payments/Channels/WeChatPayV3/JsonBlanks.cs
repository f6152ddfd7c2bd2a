namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// Writes the blanks of a JSON text anew, as common tools do, and leaves every string byte for byte. It never fails: text that is no
/// JSON merely comes out as something else that is none.
/// </summary>
internal static class JsonBlanks
{
    internal static byte[] None(ReadOnlySpan<byte> json) => Write(json, static (_, _, _) => "");

    internal static byte[] AfterSeparators(ReadOnlySpan<byte> json) => Write(json, static (before, _, _) => before is (byte)',' or (byte)':' ? " " : "");

    /// <summary>Two blanks per level.</summary>
    internal static byte[] Indented(ReadOnlySpan<byte> json) => Write(json, static (before, after, depth) =>
        (IsOpening(before) && !IsClosing(after)) || before == ',' ? NewLine(depth)
        : IsClosing(after) && !IsOpening(before) ? NewLine(depth - 1)
        : before == ':' ? " "
        : "");

    /// <param name="between">What stands between two bytes outside strings, at a depth.</param>
    private static byte[] Write(ReadOnlySpan<byte> json, Func<byte, byte, int, string> between)
    {
        var result = new List<byte>(json.Length);
        byte before = 0;
        var depth = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            foreach (var blank in before == 0 ? "" : between(before, c, depth))
            {
                result.Add((byte)blank);
            }

            depth += IsOpening(c) ? 1 : IsClosing(c) ? -1 : 0;
            var end = c == '"' ? EndOfString(json, i) : i;
            result.AddRange(json[i..(end + 1)]);
            i = end;
            before = c;
        }

        return [.. result];
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int start)
    {
        for (var i = start + 1; i < json.Length; i++)
        {
            if (json[i] == '"')
            {
                return i;
            }

            i += json[i] == '\\' ? 1 : 0;
        }

        return json.Length - 1;
    }

    private static bool IsOpening(byte c) => c is (byte)'{' or (byte)'[';

    private static bool IsClosing(byte c) => c is (byte)'}' or (byte)']';

    // A deep body must not make this long: real ones have four levels.
    private static string NewLine(int depth) => "\n" + new string(' ', 2 * Math.Clamp(depth, 0, 32));
}
