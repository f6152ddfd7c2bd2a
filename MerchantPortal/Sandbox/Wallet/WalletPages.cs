using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using QRCoder;

namespace MerchantPortal.Sandbox.Wallet;

/// <summary>The payer's side: a wallet for the phone, and Alipay's cashier. Plain pages and forms.</summary>
internal static class WalletPages
{
    private const string ProblemField = "problem";

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/wallet/{code}", http => ShowAsync<WalletPage>(http, withQr: false));
        sandbox.MapGet("/cashier/{code}", http => ShowAsync<CashierPage>(http, withQr: true));
        sandbox.MapPost("/{place:regex(^(wallet|cashier)$)}/{code}/pay", SandboxAccess.ForPayers(PayAsync));
        sandbox.MapPost("/{place:regex(^(wallet|cashier)$)}/{code}/cancel", SandboxAccess.ForPayers(CancelAsync));
    }

    /// <summary>What a browser sees when the gateway refuses what it brought.</summary>
    public static Task ShowErrorAsync(HttpContext http, string code)
    {
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return RenderAsync<CashierPage>(http, new WalletModel(null, WalletStanding.Unknown, Problem: code));
    }

    private static async Task ShowAsync<TPage>(HttpContext http, bool withQr)
        where TPage : IComponent
    {
        if (SandboxLanguage.Switch(http))
        {
            return;
        }

        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var trade = await http.RequestServices.GetRequiredService<OpenTradeInWallet>().ExecuteAsync(Code(http), http.RequestAborted);
        if (trade is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await RenderAsync<TPage>(http, new WalletModel(null, WalletStanding.Unknown));
            return;
        }

        var standing = http.Request.Query.ContainsKey("cancelled") && trade.State == TradeState.Waiting
            ? WalletStanding.Cancelled
            : WalletModel.StandingOf(trade, now);
        await RenderAsync<TPage>(http, new WalletModel(
            trade, standing,
            standing == WalletStanding.Paid && withQr ? await ReturnAddressAsync(http, trade) : Back(http, trade),
            withQr ? Qr(http.RequestServices.GetRequiredService<PortalUrls>().Wallet(trade.Code)) : null,
            http.Request.Query[ProblemField].ToString() is "FaultNotApplicable" ? "FaultNotApplicable" : null));
    }

    private static async Task PayAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var fault = form["fault"].ToString() is { Length: > 0 } text ? Fault.Parse(text) : null;
        var result = await http.RequestServices.GetRequiredService<PayTrade>().ExecuteAsync(Code(http), fault, http.RequestAborted);
        if (result is PayTradeResult.Paid paid && IsCashier(http)
            && await ReturnAddressAsync(http, paid.Trade) is { } address)
        {
            http.Response.Redirect(address);
            return;
        }

        Return(http, form["back"].ToString(), result is PayTradeResult.FaultNotApplicable ? $"{ProblemField}=FaultNotApplicable" : null);
    }

    private static async Task CancelAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        Return(http, form["back"].ToString(), "cancelled");
    }

    private static void Return(HttpContext http, string back, string? what)
    {
        var query = string.Join('&', new[] { what, back.Length > 0 ? $"redirect_url={Uri.EscapeDataString(back)}" : null }.OfType<string>());
        http.Response.Redirect($"{(IsCashier(http) ? SandboxUrls.CashierPath : SandboxUrls.WalletPath)}{Code(http)}{(query.Length > 0 ? $"?{query}" : "")}");
    }

    private static async Task<string?> ReturnAddressAsync(HttpContext http, SandboxTrade trade) =>
        http.RequestServices.GetServices<ICashierReturn>().FirstOrDefault(way => way.Channel == trade.Merchant.Channel) is { } known
            ? await known.AddressAsync(trade, http.RequestAborted)
            : trade.ReturnUrl;

    /// <summary>The shop's own page: where the trade says, or (H5) where the address says as long as that is the shop.</summary>
    private static string? Back(HttpContext http, SandboxTrade trade) =>
        Uri.TryCreate(http.Request.Query["redirect_url"], UriKind.Absolute, out var asked) && asked.Authority == new Uri(trade.NotifyUrl).Authority
            ? asked.AbsoluteUri
            : trade.ReturnUrl;

    private static string Qr(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        return svg.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    private static Task RenderAsync<TPage>(HttpContext http, WalletModel model)
        where TPage : IComponent => new RazorComponentResult<TPage>(new Dictionary<string, object?> { ["Model"] = model })
        {
            StatusCode = http.Response.StatusCode,
            PreventStreamingRendering = true,
        }.ExecuteAsync(http);

    private static string Code(HttpContext http) => PrepayId.CodeOf((string?)http.Request.RouteValues["code"] ?? "");

    private static bool IsCashier(HttpContext http) => (string?)http.Request.RouteValues["place"] == "cashier";
}
