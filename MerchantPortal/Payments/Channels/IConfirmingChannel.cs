using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// A channel whose signature alone does not prove enough, so that the gateway is asked before anything is booked. Stands between
/// <see cref="IPaymentChannel.Verify"/> and the decision; a message that was confirmed once is not confirmed again.
/// </summary>
public interface IConfirmingChannel : IPaymentChannel
{
    /// <param name="claimed">What <see cref="IPaymentChannel.Verify"/> has read.</param>
    /// <returns>False for a message that moves nothing, or that its signature proves well enough.</returns>
    bool NeedsConfirmation(VerifiedNotification claimed);

    /// <summary>Asks the gateway whether the message says the truth. Gateways wait about five seconds for their answer, so the caller sets a limit.</summary>
    Task<Confirmation> ConfirmAsync(RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken);
}

/// <summary>What the gateway says of a message in its name. <see cref="Detail"/> is one plain English sentence for the admin.</summary>
public abstract record Confirmation(string Detail)
{
    /// <summary>Everything that the message claims is true.</summary>
    public sealed record Confirmed(string Detail) : Confirmation(Detail)
    {
        /// <summary>The message with what the gateway has added; null when it adds nothing. Nobody keeps it: a message that waits is asked about again.</summary>
        public VerifiedNotification? Completed { get; init; }
    }

    /// <summary>The gateway does not stand by the message.</summary>
    public sealed record Refuted(string Detail) : Confirmation(Detail);

    /// <summary>Cannot tell: the message waits and is tried again.</summary>
    public sealed record Unclear(string Detail) : Confirmation(Detail);
}
