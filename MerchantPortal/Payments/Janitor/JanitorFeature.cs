namespace MerchantPortal.Payments.Janitor;

public static class JanitorFeature
{
    public static IServiceCollection AddJanitor(this IServiceCollection services)
    {
        services.AddSingleton<CallbackLossQueries>();
        services.AddSingleton<ClockJumps>();
        services.AddSingleton<AskDueAttempt>();
        services.AddSingleton<CloseExpiredOrders>();
        services.AddSingleton<JanitorLease>();
        services.AddSingleton<PaymentJanitor>();
        services.AddHostedService(provider => provider.GetRequiredService<PaymentJanitor>());
        return services;
    }
}
