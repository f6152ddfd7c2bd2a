namespace MerchantPortal.Api;

/// <summary>Answers a body, page or filter that could not be read, before the call runs.</summary>
internal sealed class RefuseBadBodies : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<IApiBody>().Select(body => body.Problem).FirstOrDefault(problem => problem is not null) ?? await next(context);
}
