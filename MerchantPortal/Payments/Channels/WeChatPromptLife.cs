namespace MerchantPortal.Payments.Channels;

/// <summary>
/// How long what WeChat Pay answers an order with can be used: the address of its page five minutes, a code or a prepay_id two hours.
/// The same order, sent again under its number, is answered with a new one.
/// See https://pay.weixin.qq.com/doc/v3/merchant/4012791834 (h5_url), https://pay.weixin.qq.com/doc/v3/merchant/4012791877 (code_url).
/// </summary>
internal static class WeChatPromptLife
{
    private static readonly TimeSpan OfPage = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan OfPrepayment = TimeSpan.FromHours(2);

    /// <summary>For the answer's way to us, and the payer's to the wallet.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <param name="now">When the gateway answered.</param>
    public static DateTimeOffset GoodUntil(PaymentMethod method, DateTimeOffset now) =>
        now.ToUniversalTime() + (method == PaymentMethod.H5 ? OfPage : OfPrepayment) - Margin;
}
