using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantPortal.Tests.Load.Circuits;

/// <summary>
/// Counts a server's circuits. One whose client has gone lives on, drawing, until it is given up: a figure that is taken meanwhile would be
/// another page's.
/// </summary>
internal sealed class CircuitCount : CircuitHandler
{
    private static readonly TimeSpan Retention = TimeSpan.FromSeconds(1);

    private int _count;

    /// <summary>Counts here, and gives up soon what is disconnected.</summary>
    public void Register(IServiceCollection services)
    {
        services.AddSingleton<CircuitHandler>(this);
        services.Configure<CircuitOptions>(options => options.DisconnectedCircuitRetentionPeriod = options.PersistedCircuitInMemoryRetentionPeriod = Retention);
    }

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Decrement(ref _count);
        return Task.CompletedTask;
    }

    /// <summary>Completes when all have been given up, and what they leave for later has been, too.</summary>
    public async Task NoneAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (Volatile.Read(ref _count) > 0)
        {
            await Task.Delay(Retention / 4, patience.Token);
        }

        await Task.Delay(Retention * 2, patience.Token);
    }
}
