using System.Text;

namespace MerchantPortal.Tests.Orders.Export;

/// <summary>Reads comma-separated lines by the letter of RFC 4180: another reading than the writer's own.</summary>
internal static class Rfc4180
{
    public static List<string[]> Read(string text)
    {
        var (lines, line, field) = (new List<string[]>(), new List<string>(), new StringBuilder());
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"';
            if (isPair)
            {
                field.Append(text[i++]);
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (quoted || text[i] is not (',' or '\r' or '\n'))
            {
                field.Append(text[i]);
            }
            else if (text[i] != '\r')
            {
                line.Add(field.ToString());
                field.Clear();
                if (text[i] == '\n')
                {
                    lines.Add([.. line]);
                    line.Clear();
                }
            }
        }

        return lines;
    }
}
