using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MerchantPortal.Data;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Bounds every call to a gateway: 3 s a try, two tries more after a broken connection or a "try later" answer, 8 s in all, and no
/// calls for a while to a host that keeps failing. Safe to repeat because every call carries our own number. Redirects are not followed.
/// </summary>
public sealed class GatewayResilience(Failpoints failpoints) : DelegatingHandler
{
    public const string HttpClientName = "gateway";

    /// <summary>Set for a request whose answer is read as it comes, by a deadline of its own.</summary>
    internal static readonly HttpRequestOptionsKey<bool> IsDownload = new("download");

    /// <summary>More than any gateway answers to a call.</summary>
    private const int MaxAnswer = 1024 * 1024;

    private static readonly TimeSpan Total = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan PerTry = TimeSpan.FromSeconds(3);

    private static readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> Pipelines = new();

    /// <summary>What dials; follows nothing and keeps no cookies.</summary>
    internal static SocketsHttpHandler Primary() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = PerTry,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    internal static void Limit(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.MaxResponseContentBufferSize = MaxAnswer;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("MerchantPortal/1.0");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri?.Authority ?? "";
        try
        {
            return await Pipelines.GetOrAdd(host, _ => Build()).ExecuteAsync(async token => await TryAsync(request, token), cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutRejectedException or BrokenCircuitException)
        {
            throw new HttpRequestException(exception is TimeoutRejectedException ? "The gateway did not answer in time." : "The gateway keeps failing; calls are paused.", exception);
        }
    }

    private async Task<HttpResponseMessage> TryAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!request.Options.TryGetValue(IsDownload, out var isDownload) || !isDownload)
            {
                // Within the limits of the try: whoever sends a byte now and then would hold the caller for ever.
                await response.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
            }

            await failpoints.ReachAsync(Failpoints.GatewayRequestSent);
            return response;
        }
        catch (SocketException exception)
        {
            // A connection that is reset in the moment in which it is made gets past the framework as it is.
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The connection was reset.", exception);
        }
    }

    private static ResiliencePipeline<HttpResponseMessage> Build() => new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddTimeout(Total)
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            ShouldHandle = Transient(),
            FailureRatio = 0.8,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(5),
        })
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            ShouldHandle = Transient(),
            MaxRetryAttempts = 2,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
        })
        .AddTimeout(PerTry)
        .Build();

    private static PredicateBuilder<HttpResponseMessage> Transient() => new PredicateBuilder<HttpResponseMessage>()
        .Handle<HttpRequestException>(exception => exception.HttpRequestError != HttpRequestError.ConfigurationLimitExceeded)
        .Handle<TimeoutRejectedException>()
        .HandleResult(response => response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);
}
