using System.Globalization;

namespace MerchantPortal.Shell;

/// <summary>
/// How the portal ends when it is told to: at once "not ready" and 503 for new callbacks, which come again; for a while the door stays open,
/// until balancers have noticed; what is under way is finished, the writer commits what it has, and within ten seconds the process is gone.
/// </summary>
public static class GracefulStop
{
    /// <summary>Seconds; 0 in Development, where nobody balances.</summary>
    private const string Setting = "Portal:DrainSeconds";

    private static readonly TimeSpan DefaultDrain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddGracefulStop(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Drain(provider));
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddOptions<HostOptions>().Configure<Drain>((options, drain) => options.ShutdownTimeout = drain.For + UnderWay);
        return services;
    }

    /// <summary>First of all in the pipeline: a callback that is refused costs nothing.</summary>
    public static void UseGracefulStop(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) => stopping.IsCancellationRequested && context.Request.Path.StartsWithSegments("/notify") ? RefuseAsync(context) : next(context));
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }

    /// <summary>Holds the door open for a while after the stop signal, before the server stops to listen.</summary>
    private sealed class Drain(IServiceProvider services) : IHostedLifecycleService
    {
        private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();

        public TimeSpan For { get; } = Read(services.GetRequiredService<IConfiguration>(), services.GetRequiredService<IHostEnvironment>());

        public Task StoppingAsync(CancellationToken cancellationToken) => For > TimeSpan.Zero ? Task.Delay(For, _time, cancellationToken) : Task.CompletedTask;

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        private static TimeSpan Read(IConfiguration configuration, IHostEnvironment environment) =>
            configuration[Setting] is not { Length: > 0 } text ? (environment.IsDevelopment() ? TimeSpan.Zero : DefaultDrain)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 60 ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidOperationException($"{Setting} is a whole number of seconds, 0 to 60.");
    }
}
