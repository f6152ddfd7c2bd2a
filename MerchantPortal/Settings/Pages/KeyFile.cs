using System.Text;
using Microsoft.AspNetCore.Components.Forms;

namespace MerchantPortal.Settings.Pages;

/// <summary>An uploaded key as the text that the form takes: PEM as it is, a binary container as base64.</summary>
internal static class KeyFile
{
    private const int MaxBytes = 48 * 1024;

    /// <returns>Empty when the file is larger than any key is.</returns>
    public static async Task<string> ReadAsync(IBrowserFile file)
    {
        if (file.Size > MaxBytes)
        {
            return "";
        }

        using var bytes = new MemoryStream();
        await using var stream = file.OpenReadStream(MaxBytes);
        await stream.CopyToAsync(bytes);
        return TextOf(bytes.ToArray());
    }

    internal static string TextOf(byte[] bytes) =>
        bytes.All(value => value is >= 0x20 and < 0x7F or (byte)'\r' or (byte)'\n' or (byte)'\t') ? Encoding.ASCII.GetString(bytes) : Convert.ToBase64String(bytes);
}
