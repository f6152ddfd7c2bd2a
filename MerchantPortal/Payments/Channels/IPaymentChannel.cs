using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// One merchant account at one gateway, keys parsed and ready. Everything that differs between gateways is behind these
/// members and nothing else: wire names, units, signatures, the word that acknowledges. Instances are shared by threads.
/// </summary>
public interface IPaymentChannel
{
    /// <summary>The channel's public name, e.g. <c>wechat-v3</c>.</summary>
    string Channel { get; }

    Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken);

    Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken);

    Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken);

    /// <summary>
    /// Proves that the bytes come from the gateway, and reads them. No I/O, and "now" is <see cref="RawNotification.ReceivedAt"/>,
    /// so that stored bytes can be judged again later. Fails closed: a missing key is a rejection.
    /// </summary>
    Verification Verify(RawNotification raw);

    /// <summary>The exact answer that this gateway understands. Never carries a reason.</summary>
    Acknowledgement Acknowledge(CallbackStatus outcome);
}
