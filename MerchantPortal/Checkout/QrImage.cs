using System.Globalization;
using System.Text;
using QRCoder;

namespace MerchantPortal.Checkout;

/// <summary>A QR code of error correction M, black on white, drawn in the answer itself so that no second request can fail.</summary>
public sealed class QrImage
{
    private const int QuietModules = 4;
    private const int PixelsPerModule = 10;

    private readonly List<System.Collections.BitArray> _rows;

    private QrImage(List<System.Collections.BitArray> rows, byte[] png) => (_rows, Png) = (rows, png);

    /// <summary>With the full quiet zone around it: what a phone saves must be readable by itself.</summary>
    public byte[] Png { get; }

    /// <summary>Modules on one side, without quiet zone.</summary>
    public int Size => _rows.Count - (2 * QuietModules);

    public string PngDataUri => $"data:image/png;base64,{Convert.ToBase64String(Png)}";

    public static QrImage Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return new QrImage(code.ModuleMatrix, png.GetGraphic(PixelsPerModule));
    }

    /// <summary>SVG path data of the dark modules, one unit each, without quiet zone.</summary>
    public string PathData()
    {
        var path = new StringBuilder();
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var from = x;
                while (x < Size && _rows[y + QuietModules][x + QuietModules])
                {
                    x++;
                }

                if (x > from)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
                }
            }
        }

        return path.ToString();
    }
}
