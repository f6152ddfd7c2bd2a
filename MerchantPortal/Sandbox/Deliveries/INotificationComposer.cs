namespace MerchantPortal.Sandbox.Deliveries;

/// <summary>How a gateway words, signs and sends a message, and which answer it takes for “done”.</summary>
public interface INotificationComposer
{
    string Channel { get; }

    /// <summary>Builds one try: signed afresh each time, as the gateways do.</summary>
    Task<HttpRequestMessage> ComposeAsync(SandboxDelivery delivery, CancellationToken cancellationToken);

    bool IsAcknowledged(int statusCode, string answer);
}
