using System.Globalization;
using System.Text;
using QRCoder;

namespace MerchantPortal.Shell;

/// <summary>A QR code as one SVG path, so that a page can draw it without foreign markup. Error correction M.</summary>
/// <param name="Size">Modules per side, with the quiet zone of four on each side.</param>
/// <param name="Data">Value of <c>d</c>, in modules.</param>
public sealed record QrPath(int Size, string Data)
{
    public static QrPath Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            var x = 0;
            while (x < rows.Count)
            {
                var run = 0;
                while (x + run < rows.Count && rows[y][x + run])
                {
                    run++;
                }

                if (run > 0)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{run}v1h-{run}z");
                }

                x += run + 1;
            }
        }

        return new QrPath(rows.Count, path.ToString());
    }
}
