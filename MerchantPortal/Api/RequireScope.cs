using System.Security.Claims;

namespace MerchantPortal.Api;

/// <summary>Refuses a key that lacks the scope of the call.</summary>
internal sealed class RequireScope(string scope) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        ApiScopes.Allows(context.HttpContext.User.FindFirstValue(ApiKeyAuthentication.ScopesClaim) ?? "", scope)
            ? await next(context)
            : ApiAnswer.Problem(StatusCodes.Status403Forbidden, "scope_missing", $"This key needs the scope {scope}.", ("scope", scope));
}
