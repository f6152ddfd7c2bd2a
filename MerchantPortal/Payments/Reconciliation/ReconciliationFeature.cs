namespace MerchantPortal.Payments.Reconciliation;

public static class ReconciliationFeature
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.AddSingleton<PostFees>();
        services.AddSingleton<MatchBill>();
        services.AddSingleton<TakeBill>();
        services.AddSingleton<FetchBill>();
        services.AddSingleton<UploadBill>();
        services.AddSingleton<ResolveDifference>();
        services.AddSingleton<SaveFeeRate>();
        services.AddSingleton<CloseDay>();
        services.AddSingleton<ReconciliationQueries>();
        services.AddSingleton<FetchBills>();
        services.AddHostedService(provider => provider.GetRequiredService<FetchBills>());
        return services;
    }
}
