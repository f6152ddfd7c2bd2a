namespace MerchantPortal.Payments.Channels;

/// <summary>What a gateway is told to collect.</summary>
/// <param name="Amount">分.</param>
/// <param name="ExpiresAt">Last moment to pay.</param>
/// <param name="NotifyUrl">Where the gateway posts its notification; no query string.</param>
/// <param name="ReturnUrl">Where the gateway sends the browser back; shows, never decides.</param>
/// <param name="ClientIp">The payer's address, where the method wants it; else null.</param>
/// <param name="OpenId">The payer at WeChat, for <see cref="PaymentMethod.Jsapi"/>; else null.</param>
/// <param name="Bank">The bank chosen beforehand, where the channel can; else null.</param>
public sealed record CreatePayment(
    string OutTradeNo,
    long Amount,
    string Subject,
    PaymentMethod Method,
    DateTimeOffset ExpiresAt,
    Uri NotifyUrl,
    Uri ReturnUrl,
    string? ClientIp = null,
    string? OpenId = null,
    string? Bank = null);
