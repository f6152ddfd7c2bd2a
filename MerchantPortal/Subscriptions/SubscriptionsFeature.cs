using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Subscriptions;

public static class SubscriptionsFeature
{
    public static IServiceCollection AddSubscriptions(this IServiceCollection services)
    {
        services.AddSingleton<ISubscriptionBook, SubscriptionBook>();
        services.AddSingleton<SubscriptionQueries>();
        return services;
    }

    public static IEndpointRouteBuilder MapSubscriptions(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapSubscriptionsApi();
        return endpoints;
    }
}
