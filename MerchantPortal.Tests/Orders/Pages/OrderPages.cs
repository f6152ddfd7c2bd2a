using System.Globalization;
using System.Security.Claims;
using Bunit;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Cases;
using MerchantPortal.Cases.Pages;
using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Products;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Radzen.Blazor;

namespace MerchantPortal.Tests.Orders.Pages;

/// <summary>Draws a store's pages as its signed-in owner sees them, on the portal's own services.</summary>
internal sealed class OrderPages : BunitContext
{
    public OrderPages(OrderShop shop)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        JSInterop.Mode = JSRuntimeMode.Loose;
        JSInterop.SetupModule("./js/panel.js").Mode = JSRuntimeMode.Loose;
        JSInterop.SetupModule("./js/list.js").SetupModule("attach", _ => true).Mode = JSRuntimeMode.Loose;
        AddAuthorization().SetAuthorized("li").SetClaims(
            new Claim(ClaimTypes.NameIdentifier, "1"), new Claim(PortalClaims.StoreId, shop.StoreId.ToString()), new Claim(PortalClaims.DisplayName, "小李"));
        Services.AddShellComponents();
        Share<TimeProvider>(shop);
        Share<OrderQueries>(shop);
        Share<OrderDetailQueries>(shop);
        Share<OrderFeed>(shop);
        Share<LiveOrders>(shop);
        Share<PlaceOrder>(shop);
        Share<SaveOrderNote>(shop);
        Share<QueryAttempt>(shop);
        Share<CloseOrder>(shop);
        Share<CaseQueries>(shop);
        Share<CaseDesk>(shop);
        Share<LedgerQueries>(shop);
        Share<AuditQueries>(shop);
        Share<RefundQueries>(shop);
        Share<RefundPayment>(shop);
        Share<SettleRefund>(shop);
        Share<StoreQueries>(shop);
        Share<PortalUrls>(shop);
        Share<ProductQueries>(shop);
        Share<SaveProduct>(shop);
        Share<ArchiveProduct>(shop);
        Share<UploadProductImage>(shop);
        Services.AddScoped<CurrentActor>();
        Services.AddScoped<CaseWords>();
        Services.AddScoped<StoreClock>();
        Services.AddSingleton<MinuteClock>();
        Services.AddScoped<OrderListSources>();
        Services.AddScoped<OrderDetailView>();
        Services.AddScoped<NewOrderSources>();
        // Closes the list of services.
        Renderer.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Floating = Render<RadzenComponents>();
    }

    /// <summary>What stands above the page: panel, questions, notices.</summary>
    public IRenderedComponent<RadzenComponents> Floating { get; }

    public IRenderedComponent<T> Open<T>(string address)
        where T : IComponent
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<T>();
    }

    private void Share<T>(OrderShop shop)
        where T : class => Services.AddSingleton(shop.Portal.Get<T>());
}
