using System.Text;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>Names and texts as the interface writes and signs them.</summary>
internal static class MapiWire
{
    public const string Md5 = "MD5";
    public const string Rsa = "RSA";
    public const string SignType = "sign_type";
    public const string SellerEmail = "seller@sandbox.example.com";

    public const string DirectPay = "create_direct_pay_by_user";
    public const string SecurityPay = "mobile.securitypay.pay";
    public const string NotifyVerify = "notify_verify";
    public const string SingleTradeQuery = "single_trade_query";
    public const string CloseTrade = "close_trade";

    /// <summary>Every field with a value but <c>sign</c> and <c>sign_type</c>, sorted.</summary>
    public static string Text(IEnumerable<KeyValuePair<string, string>> fields) => string.Join('&', fields
        .Where(field => field.Value.Length > 0 && field.Key is not ("sign" or SignType))
        .OrderBy(field => field.Key, StringComparer.Ordinal)
        .Select(field => $"{field.Key}={field.Value}"));

    public static byte[] Bytes(IEnumerable<KeyValuePair<string, string>> fields) => Encoding.UTF8.GetBytes(Text(fields));
}
