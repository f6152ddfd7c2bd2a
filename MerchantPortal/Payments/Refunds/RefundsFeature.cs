namespace MerchantPortal.Payments.Refunds;

internal static class RefundsFeature
{
    public static void AddRefunds(this IServiceCollection services)
    {
        services.AddSingleton<SettleRefund>();
        services.AddSingleton<RefundPayment>();
        services.AddSingleton<QueryRefund>();
        services.AddSingleton<RefundQueries>();
        services.AddSingleton<RefundJob>();
        services.AddHostedService(provider => provider.GetRequiredService<RefundJob>());
    }
}
