namespace MerchantPortal.Checkout;

public static class CheckoutFeature
{
    /// <summary>The page is rendered by components, but statically: none of this opens a circuit.</summary>
    public static IServiceCollection AddCheckout(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddSingleton<CheckoutQueries>();
        services.AddSingleton<ShowCheckout>();
        services.AddSingleton<OfferMethod>();
        services.AddSingleton<RenewCheckout>();
        services.AddSingleton<AskGateway>();
        services.AddSingleton<GatewayQuestions>();
        services.AddSingleton<GatewayRedirect>();
        services.AddSingleton<LeaveCheckout>();
        services.AddSingleton<PayerState>();
        services.AddSingleton<SendForPayer>();
        services.AddSingleton<IdentifyPayer>();
        services.AddSingleton<FollowCheckout>();
        services.AddSingleton<CheckoutStreams>();
        services.AddSingleton<EmbedScript>();
        return services;
    }
}
