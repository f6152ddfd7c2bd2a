using MerchantPortal.Orders.Export;
using MerchantPortal.Orders.Pages;

namespace MerchantPortal.Orders;

public static class OrdersFeature
{
    public static IServiceCollection AddOrders(this IServiceCollection services)
    {
        services.AddSingleton<FeedSignal>();
        services.AddSingleton<OrderFeed>();
        services.AddSingleton<LiveOrders>();
        services.AddHostedService<PostgresFeedRelay>();
        services.AddSingleton<OrderQueries>();
        services.AddSingleton<OrderDetailQueries>();
        services.AddSingleton<OrderJsonQueries>();
        services.AddSingleton<OrderExportQueries>();
        services.AddSingleton<PlaceOrder>();
        services.AddSingleton<PruneFeed>();
        services.AddSingleton<SaveOrderNote>();
        services.AddSingleton<MinuteClock>();
        services.AddScoped<OrderListSources>();
        services.AddScoped<OrderDetailView>();
        services.AddScoped<NewOrderSources>();
        return services;
    }

    public static IEndpointRouteBuilder MapOrders(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOrderExport();
        endpoints.MapOrdersApi();
        endpoints.MapOrderEventsApi();
        return endpoints;
    }
}
