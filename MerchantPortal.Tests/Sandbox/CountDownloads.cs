using System.Net;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>Counts how often the portal asks for platform certificates, and fails those calls on request.</summary>
internal sealed class CountDownloads
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool Fail { get; set; }

    public void Watch(IServiceCollection services) =>
        services.AddHttpClient(GatewayResilience.HttpClientName).AddHttpMessageHandler(() => new Counting(this));

    /// <summary>Completes with the next download.</summary>
    public Task NextAsync()
    {
        _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _next.Task.WaitAsync(Patience.Limit);
    }

    private sealed class Counting(CountDownloads all) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri?.AbsolutePath.EndsWith("/v3/certificates", StringComparison.Ordinal) != true)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            Interlocked.Increment(ref all._count);
            var response = all.Fail ? new HttpResponseMessage(HttpStatusCode.InternalServerError) : await base.SendAsync(request, cancellationToken);
            all._next.TrySetResult();
            return response;
        }
    }
}
