using MerchantPortal.Data;

namespace MerchantPortal.Shell;

/// <summary>For operators' probes: one word, no detail.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Text("ok")).AllowAnonymous();
        app.MapGet("/health/ready", async (Readiness readiness) => await readiness.IsReadyAsync()
            ? Results.Text("ok")
            : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable)).AllowAnonymous();
    }
}
