using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Shell;

namespace MerchantPortal.Payments;

/// <summary>The clock and the addresses that starting a payment needs.</summary>
public sealed record StartPaymentContext(TimeProvider Time, PortalUrls Urls, ClockJumps Jumps);

/// <param name="ClientIp">The payer's address, where the method wants it.</param>
public sealed record StartPaymentRequest(
    Guid OrderId, Guid ChannelAccountId, PaymentMethod Method, string? ClientIp = null, string? OpenId = null, string? Bank = null);
