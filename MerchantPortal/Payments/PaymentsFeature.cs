using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments;

public static class PaymentsFeature
{
    public static IServiceCollection AddPayments(this IServiceCollection services)
    {
        services.AddTransient<GatewayResilience>();
        services.AddHttpClient(GatewayResilience.HttpClientName, GatewayResilience.Limit)
            .ConfigurePrimaryHttpMessageHandler(GatewayResilience.Primary)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddHttpMessageHandler<GatewayResilience>();
        services.AddSingleton<CertifiedClients>();
        services.AddSingleton<SharedTokens>();
        services.AddSingleton<PaymentChannels>();
        services.AddChannelAccounts();
        services.AddSingleton<QueryAttempt>();
        services.AddSingleton<QueryOrder>();
        services.AddSingleton<CallbackAttemptQueries>();
        services.AddSingleton<RetireAttempt>();
        services.AddSingleton<StartPayment>();
        services.AddSingleton<StartPaymentContext>();
        services.AddSingleton<PlaceTrialOrder>();
        services.AddSingleton<TryPayment>();
        services.AddSingleton<RenewOrder>();
        services.AddSingleton<CloseOrder>();
        services.AddSingleton<LedgerQueries>();
        services.AddSingleton<ReportDelivery>();
        services.AddSingleton<DeliveryReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryReporter>());
        services.AddRefunds();
        services.AddNotifications();
        services.AddReconciliation();
        services.AddJanitor();
        return services;
    }

    public static IEndpointRouteBuilder MapPayments(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPaymentsApi();
        endpoints.MapRefundsApi();
        endpoints.MapChannelAccountsApi();
        endpoints.MapCallbacksApi();
        return endpoints;
    }
}
