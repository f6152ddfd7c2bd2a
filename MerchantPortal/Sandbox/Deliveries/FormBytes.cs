using System.Net.Http.Headers;
using System.Text;

namespace MerchantPortal.Sandbox.Deliveries;

/// <summary>A form in the charset of the merchant's choice.</summary>
internal static class FormBytes
{
    public static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936) ?? throw new PlatformNotSupportedException("The runtime lacks GBK.");

    public static ByteArrayContent Of(IEnumerable<KeyValuePair<string, string>> fields, Encoding charset)
    {
        var body = string.Join('&', fields.Select(field => $"{field.Key}={Encoded(charset.GetBytes(field.Value))}"));
        return new ByteArrayContent(Encoding.ASCII.GetBytes(body))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded", charset.WebName) },
        };
    }

    private static string Encoded(byte[] bytes) => string.Concat(bytes.Select(value =>
        value is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'_' or (byte)'.'
            ? ((char)value).ToString()
            : value == ' ' ? "+" : $"%{value:X2}"));
}
