using System.Text;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>The <c>biz_content</c> of each method.</summary>
internal static class AlipayOpenApiContent
{
    private const int MaxSubject = 256;

    public static KeyValuePair<string, string?>[] Page(CreatePayment request) => [.. Trade(request, "FAST_INSTANT_TRADE_PAY")];

    public static KeyValuePair<string, string?>[] Wap(CreatePayment request) =>
        [.. Trade(request, "QUICK_WAP_WAY"), new("quit_url", request.ReturnUrl.AbsoluteUri)];

    public static KeyValuePair<string, string?>[] Precreate(CreatePayment request) => [.. Trade(request, "FACE_TO_FACE_PAYMENT")];

    public static KeyValuePair<string, string?>[] App(CreatePayment request) => [.. Trade(request, "QUICK_MSECURITY_PAY")];

    public static KeyValuePair<string, string?>[] Number(string outTradeNo) => [new("out_trade_no", outTradeNo)];

    /// <summary>By Alipay's own number: our number may have been paid twice.</summary>
    public static KeyValuePair<string, string?>[] Refund(RefundRequest request) =>
    [
        new("trade_no", request.ChannelTransactionId),
        new("refund_amount", Money.ToYuan(request.Amount)),
        new("out_request_no", request.RefundNo),
        new("refund_reason", ShortText.Bytes(request.Reason, MaxSubject)),
    ];

    public static KeyValuePair<string, string?>[] RefundNumber(string transactionId, string refundNo) =>
        [new("trade_no", transactionId), new("out_request_no", refundNo)];

    /// <summary>Alipay takes at most 256 characters and none of <c>/ = &amp;</c>; control characters break its cashier.</summary>
    /// <returns>The number when nothing is left.</returns>
    internal static string Subject(string subject, string outTradeNo)
    {
        var text = new StringBuilder(MaxSubject);
        foreach (var rune in subject.EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > MaxSubject)
            {
                break;
            }

            text.Append(rune.Value is '/' or '=' or '&' || Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return text.ToString().Trim() is { Length: > 0 } clean ? clean : outTradeNo;
    }

    private static KeyValuePair<string, string?>[] Trade(CreatePayment request, string productCode) =>
    [
        new("out_trade_no", request.OutTradeNo),
        new("product_code", productCode),
        new("total_amount", Money.ToYuan(request.Amount)),
        new("subject", Subject(request.Subject, request.OutTradeNo)),
        new("time_expire", BeijingTime.Write(request.ExpiresAt)),
    ];
}
