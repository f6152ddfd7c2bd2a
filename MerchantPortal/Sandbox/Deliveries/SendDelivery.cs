using System.Net.Sockets;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Deliveries;

/// <summary>Makes one try of a delivery over HTTP and records the merchant's answer.</summary>
public sealed class SendDelivery(SandboxWriter writer, IEnumerable<INotificationComposer> composers, IHttpClientFactory http, TimeProvider time)
{
    public const string HttpClientName = "sandbox-notifications";

    private const int KeptAnswer = 500;

    public async Task ExecuteAsync(Guid deliveryId, CancellationToken cancellationToken)
    {
        SandboxDelivery delivery;
        await using (var db = writer.CreateDbContext())
        {
            delivery = await db.Deliveries.AsNoTracking().Include(row => row.Payment).Include(row => row.Refund).Include(row => row.Trade).ThenInclude(trade => trade.Merchant)
                .SingleAsync(row => row.Id == deliveryId, cancellationToken);
        }

        var composer = composers.Single(candidate => candidate.Channel == delivery.Trade.Merchant.Channel);
        var copies = delivery.Fault.Kind == FaultKind.Duplicate ? delivery.Fault.Number : 1;
        var attempts = await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => SendAsync(composer, delivery, cancellationToken)));
        await writer.WriteAsync((db, ct) => RecordAsync(db, deliveryId, attempts, ct), cancellationToken);
    }

    private async Task<SandboxDeliveryAttempt> SendAsync(INotificationComposer composer, SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            using var request = await composer.ComposeAsync(delivery, cancellationToken);
            using var response = await http.CreateClient(HttpClientName).SendAsync(request, cancellationToken);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            return Attempt((int)response.StatusCode, answer, composer.IsAcknowledged((int)response.StatusCode, answer));
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Attempt(null, exception.Message, acknowledged: false);
        }

        SandboxDeliveryAttempt Attempt(int? statusCode, string answer, bool acknowledged) => new()
        {
            At = time.GetUtcNow(),
            StatusCode = statusCode,
            Answer = answer.Length > KeptAnswer ? answer[..KeptAnswer] : answer,
            Acknowledged = acknowledged,
            Milliseconds = (int)time.GetElapsedTime(started).TotalMilliseconds,
        };
    }

    private async Task<bool> RecordAsync(SandboxDbContext db, Guid deliveryId, SandboxDeliveryAttempt[] attempts, CancellationToken cancellationToken)
    {
        var delivery = await db.Deliveries.Include(row => row.Attempts).SingleAsync(row => row.Id == deliveryId, cancellationToken);
        var now = time.GetUtcNow();
        var copies = attempts.Length;
        delivery.Attempts.AddRange(attempts);
        if (attempts.All(attempt => attempt.Acknowledged))
        {
            delivery.State = DeliveryState.Delivered;
        }
        else if (DeliveryRetry.Next(delivery.Attempts.Count / copies) is { } delay)
        {
            delivery.DueAt = now + delay;
        }
        else
        {
            delivery.State = DeliveryState.GivenUp;
        }

        await foreach (var next in db.Deliveries.Where(row => row.After == deliveryId).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            next.After = null;
            next.DueAt = now;
        }

        return true;
    }
}
