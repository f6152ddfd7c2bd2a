using System.Text;
using System.Xml;

namespace MerchantPortal.Payments.Channels;

/// <summary>Cuts what people wrote to what a gateway takes.</summary>
internal static class ShortText
{
    /// <summary>At most so many bytes of UTF-8, cut between characters; what XML cannot carry, or would change, becomes a blank.</summary>
    public static string Bytes(string text, int most)
    {
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var safe = Rune.IsControl(rune) || (rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value)) ? new Rune(' ') : rune;
            bytes += safe.Utf8SequenceLength;
            if (bytes > most)
            {
                break;
            }

            kept.Append(safe.ToString());
        }

        return kept.ToString().Trim();
    }
}
