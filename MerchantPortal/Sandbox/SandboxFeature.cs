using System.Security.Cryptography;
using MerchantPortal.Accounts;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.AlipayMapi;
using MerchantPortal.Sandbox.AlipayOpenApi;
using MerchantPortal.Sandbox.BeeCloud;
using MerchantPortal.Sandbox.Bills;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Panel;
using MerchantPortal.Sandbox.Storefront;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.Trial;
using MerchantPortal.Sandbox.Wallet;
using MerchantPortal.Sandbox.WeChatLegacyApp;
using MerchantPortal.Sandbox.WeChatOpen;
using MerchantPortal.Sandbox.WeChatPayV2;
using MerchantPortal.Sandbox.WeChatPayV3;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Sandbox;

public static class SandboxFeature
{
    public static IServiceCollection AddSandbox(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddOptions<SandboxOptions>().Configure(options => options.Enabled = environment.IsDevelopment())
            .Bind(configuration.GetSection(SandboxOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SandboxOptions>, ValidateSandboxOptions>();
        services.AddSingleton<SandboxWriter>();
        services.AddSingleton<MakeKeyPair>(() => RSA.Create(2048));
        services.AddSingleton<SandboxKeys>();
        services.AddSingleton<ArmedFaults>();
        services.AddSingleton<RegisterSandboxMerchant>();
        services.AddSingleton<PayTrade>();
        services.AddSingleton<MakeRefund>();
        services.AddSingleton<RefundTrade>();
        services.AddSingleton<MakeBill>();
        services.AddSingleton<BillShelf>();
        services.AddSingleton<TradeQueries>();
        services.AddSingleton<OpenTradeInWallet>();
        services.AddSingleton<StorefrontQueries>();
        services.AddSingleton<WeChatCodes>();
        services.AddSingleton<OpenInApp>();
        services.AddLocalization();
        services.AddRazorComponents();
        if (configuration.GetValue<bool?>("Sandbox:Enabled") ?? environment.IsDevelopment())
        {
            AddTrial(services);
        }

        AddDeliveries(services);
        services.AddWeChatPayV3Sandbox();
        services.AddWeChatPayV2Sandbox();
        services.AddAlipayOpenApiSandbox();
        services.AddBeeCloudSandbox();
        services.AddAlipayMapiSandbox();
        services.AddWeChatLegacyAppSandbox();
        return services;
    }

    /// <summary>The gateways' addresses, the wallet and the panel; all of them 404 when the sandbox is off.</summary>
    /// <exception cref="OptionsValidationException">The sandbox is switched on in Production.</exception>
    public static IEndpointRouteBuilder MapSandbox(this IEndpointRouteBuilder endpoints)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<IOptions<SandboxOptions>>().Value.Enabled)
        {
            // Said here, because for an address that nobody has mapped strangers are sent to the sign-in page.
            endpoints.Map("/sandbox/{**rest}", http =>
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }).AllowAnonymous();
            return endpoints;
        }

        endpoints.ServiceProvider.GetRequiredService<SandboxWriter>().Prepare();
        var sandbox = endpoints.MapGroup("/sandbox").AllowAnonymous().DisableAntiforgery();
        foreach (var gateway in endpoints.ServiceProvider.GetServices<ISandboxGateway>())
        {
            gateway.Map(sandbox);
        }

        WeChatOpenEndpoints.Map(sandbox);
        WalletPages.Map(sandbox);
        PanelPages.Map(sandbox);
        StorefrontPages.Map(sandbox);
        ControlApi.Map(sandbox);
        RefundEndpoints.Map(sandbox);
        return endpoints;
    }

    private static void AddTrial(IServiceCollection services)
    {
        services.AddSingleton<PortalChangesOneByOne>();
        services.AddSingleton<TrialAccounts>();
        services.AddSingleton<TrialProducts>();
        services.AddSingleton<ITryItNow, TryInSandbox>();
        services.AddSingleton<ITestPayer, PlayPayer>();
        services.AddSingleton<ITestMerchants>(provider => provider.GetRequiredService<RegisterSandboxMerchant>());
    }

    private static void AddDeliveries(IServiceCollection services)
    {
        services.AddHttpClient(SendDelivery.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.AddSingleton<SendDelivery>();
        services.AddSingleton<SendAgain>();
        services.AddSingleton<NotificationPump>();
        services.AddHostedService(provider => provider.GetRequiredService<NotificationPump>());
    }
}
