using System.Globalization;
using MerchantPortal.Payments.Channels.AlipayOpenApi;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>Builds signed requests. Everything is a GET: the browser's, and ours.</summary>
internal sealed class AlipayMapiRequest(string partner, string? sellerEmail, AlipayMapiSignature signature, Uri baseUrl, TimeProvider time)
{
    private const string Charset = "utf-8";
    private const int MaxMinutes = 15 * 24 * 60;

    private readonly Uri _gateway = AlipayOpenApiRequest.Gateway(baseUrl);

    /// <summary>Where the browser pays (即时到账).</summary>
    public Uri DirectPay(CreatePayment request) => Signed(
    [
        new("service", MapiWire.DirectPay),
        new("payment_type", "1"),
        new("partner", partner),
        new("seller_id", partner),
        new("seller_email", sellerEmail ?? ""),
        new("return_url", request.ReturnUrl.AbsoluteUri),
        new("notify_url", request.NotifyUrl.AbsoluteUri),
        new(MapiWire.InputCharset, Charset),
        new("out_trade_no", request.OutTradeNo),
        new("subject", Subject(request)),
        new("total_fee", Money.ToYuan(request.Amount)),
        new("paymethod", request.Bank is null ? "directPay" : "bankPay"),
        new("defaultbank", request.Bank ?? ""),
        new("it_b_pay", Lifetime(request)),
    ]);

    /// <summary>What the merchant's app hands to the SDK: in this very order, in quotes, and signed as it stands.</summary>
    public string SecurityPay(CreatePayment request) => AlipayMapiOrderString.Signed(
        [
            new("partner", partner),
            new("seller_id", sellerEmail ?? partner),
            new("out_trade_no", request.OutTradeNo),
            new("subject", Subject(request)),
            new("body", Subject(request)),
            new("total_fee", Money.ToYuan(request.Amount)),
            new("notify_url", request.NotifyUrl.AbsoluteUri),
            new("service", MapiWire.SecurityPay),
            new("payment_type", "1"),
            new(MapiWire.InputCharset, Charset),
            new("it_b_pay", Lifetime(request)),
        ],
        signature);

    public Uri Query(string outTradeNo) => Signed(Call(MapiWire.SingleTradeQuery, new("out_trade_no", outTradeNo)));

    /// <summary>Here our number is called <c>out_order_no</c>; the seller closes.</summary>
    public Uri Close(string outTradeNo) => Signed([.. Call(MapiWire.CloseTrade, new("out_order_no", outTradeNo)), new("trade_role", "S")]);

    /// <summary>Not signed. The id is encoded once, though it may look encoded already.</summary>
    public Uri NotifyVerify(string notifyId) =>
        Address(_gateway, [new("service", MapiWire.NotifyVerify), new("partner", partner), new(MapiWire.NotifyId, notifyId)]);

    /// <summary>All of it but <c>sign</c>, <c>sign_type</c> and what is empty.</summary>
    internal static string Text(IEnumerable<KeyValuePair<string, string>> fields) => SortedFields.Text(fields, MapiWire.Sign, MapiWire.SignType);

    internal static Uri Signed(Uri gateway, AlipayMapiSignature signature, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var sent = fields.Where(field => field.Value.Length > 0 && field.Key is not (MapiWire.Sign or MapiWire.SignType)).ToList();
        return Address(gateway, [.. sent, new(MapiWire.Sign, signature.Sign(Text(sent))), new(MapiWire.SignType, signature.Name)]);
    }

    private static Uri Address(Uri gateway, IEnumerable<KeyValuePair<string, string>> fields) => new(
        $"{gateway.AbsoluteUri}?{string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value).Replace("%20", "+", StringComparison.Ordinal)}"))}");

    private Uri Signed(IEnumerable<KeyValuePair<string, string>> fields) => Signed(_gateway, signature, fields);

    private KeyValuePair<string, string>[] Call(string service, KeyValuePair<string, string> number) =>
        [new("service", service), new("partner", partner), new(MapiWire.InputCharset, Charset), number];

    /// <summary>A quote would end the value in an order string, and let whoever names the goods write the fields behind it.</summary>
    private static string Subject(CreatePayment request) =>
        AlipayOpenApiContent.Subject(request.Subject.Replace('"', ' ').Replace('\\', ' '), request.OutTradeNo);

    /// <summary>Whole minutes from the buyer's arrival, which is all that the interface offers: a late arrival may pay later than we asked for.</summary>
    private string Lifetime(CreatePayment request) => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Clamp((int)(request.ExpiresAt - time.GetUtcNow()).TotalMinutes, 1, MaxMinutes)}m");
}
