namespace MerchantPortal.Payments.Notifications;

public static class NotificationsFeature
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<RejectedRate>();
        services.AddSingleton<ProveNotification>();
        services.AddSingleton<ProveCapture>();
        services.AddSingleton<BookNotification>();
        services.AddSingleton<ArrivalQueue>();
        services.AddSingleton<NotificationProcessor>();
        services.AddSingleton<ReplayNotification>();
        services.AddSingleton<RetryNotification>();
        services.AddSingleton<NotificationQueries>();
        services.AddSingleton<BulkReplay>();
        services.AddSingleton<BulkReplayRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<BulkReplayRunner>());
        services.AddSingleton<DeferredNotificationRetry>();
        services.AddHostedService(provider => provider.GetRequiredService<DeferredNotificationRetry>());
        return services;
    }
}
