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
        return services;
    }
}
