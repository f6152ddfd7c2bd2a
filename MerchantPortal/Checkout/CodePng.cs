using QRCoder;

namespace MerchantPortal.Checkout;

/// <summary>
/// A QR code as a picture that a phone can save: error correction M, black on white, with the full quiet zone, because what was saved
/// must be readable by itself. In the page itself, so that no second request can fail.
/// </summary>
public static class CodePng
{
    private const int PixelsPerModule = 10;

    public static string DataUri(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return $"data:image/png;base64,{Convert.ToBase64String(png.GetGraphic(PixelsPerModule))}";
    }
}
