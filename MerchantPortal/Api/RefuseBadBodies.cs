namespace MerchantPortal.Api;

/// <summary>Answers a body that could not be read before the call runs.</summary>
internal sealed class RefuseBadBodies : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<IApiBody>().FirstOrDefault()?.Problem is { } problem ? problem : await next(context);
}
