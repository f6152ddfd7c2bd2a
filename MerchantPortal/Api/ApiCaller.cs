using System.Reflection;
using System.Security.Claims;
using MerchantPortal.Accounts;

namespace MerchantPortal.Api;

/// <summary>The API key of a request as the actor of its command.</summary>
public sealed class ApiCaller : IBindableFromHttpContext<ApiCaller>
{
    private ApiCaller(Actor actor) => Actor = actor;

    public Actor Actor { get; }

    public Guid StoreId => Actor.StoreId;

    public static ValueTask<ApiCaller?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var user = context.User;
        // Authorization ran before: without a key this is not reached.
        return ValueTask.FromResult<ApiCaller?>(new(new Actor(
            Guid.Parse(user.FindFirstValue(PortalClaims.StoreId) ?? ""),
            ActorKind.ApiKey,
            user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "",
            user.FindFirstValue(PortalClaims.DisplayName) ?? "")));
    }
}
