using MerchantPortal.Orders.Pages;

namespace MerchantPortal.Orders;

public static class OrdersFeature
{
    public static IServiceCollection AddOrders(this IServiceCollection services)
    {
        services.AddSingleton<FeedSignal>();
        services.AddSingleton<OrderFeed>();
        services.AddHostedService<PostgresFeedRelay>();
        services.AddSingleton<OrderQueries>();
        services.AddSingleton<OrderDetailQueries>();
        services.AddSingleton<PlaceOrder>();
        services.AddSingleton<SaveOrderNote>();
        services.AddScoped<OrderListSources>();
        services.AddScoped<OrderDetailView>();
        services.AddScoped<NewOrderSources>();
        return services;
    }
}
