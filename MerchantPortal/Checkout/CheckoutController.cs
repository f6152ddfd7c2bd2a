using MerchantPortal.Checkout.Pages;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MerchantPortal.Checkout;

/// <summary>
/// The buyer's page. Plain requests and answers: no sign-in, no cookie, no circuit. The token in the address is the capability, so there
/// is no ambient right that a forged form could abuse, and antiforgery has nothing to protect.
/// </summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[CheckoutHeaders]
[OwnContentPolicy]
[Route("/pay/{token}")]
public sealed class CheckoutController(
    ShowCheckout show, CheckoutQueries queries, OfferMethod offer, RenewCheckout renew, AskGateway ask) : ControllerBase
{
    [HttpGet]
    [HttpHead]
    public async Task<IResult> ShowAsync(string token)
    {
        var buyerLooks = HttpMethods.IsGet(Request.Method) && !BuyerAgent.IsBot(Request.Headers.UserAgent);
        return Page(await show.ExecuteAsync(CheckoutVisit.Of(token, Request), buyerLooks, HttpContext.RequestAborted));
    }

    /// <summary>The buyer has chosen a wallet: to its page, or back to ours with a code.</summary>
    [HttpPost("method")]
    public async Task<IResult> ChooseAsync(string token, [FromForm] string? method)
    {
        var visit = CheckoutVisit.Of(token, Request);
        if (await queries.FindAsync(token, HttpContext.RequestAborted) is not { } order)
        {
            return NoSuchPage();
        }

        var brand = CheckoutVisit.BrandNamed(method);
        var chosen = ShowCheckout.MethodsOf(order, visit).FirstOrDefault(one => one.Brand == brand && one.Presentation != CheckoutPresentation.OpenElsewhere);
        return chosen is null ? SeeOther(visit.Page) : Next(await offer.ExecuteAsync(order, chosen, HttpContext.RequestAborted), visit);
    }

    [HttpPost("renew")]
    public async Task<IResult> RenewAsync(string token)
    {
        var visit = CheckoutVisit.Of(token, Request);
        return await queries.FindAsync(token, HttpContext.RequestAborted) is { } order
            ? Next(await renew.ExecuteAsync(order, ShowCheckout.MethodsOf(order, visit), HttpContext.RequestAborted), visit)
            : NoSuchPage();
    }

    /// <summary>"I have paid": makes us ask, believes nothing.</summary>
    [HttpPost("check")]
    public async Task<IResult> CheckAsync(string token)
    {
        if (await queries.FindAsync(token, HttpContext.RequestAborted) is not { } order)
        {
            return NoSuchPage();
        }

        await ask.ExecuteAsync(order, HttpContext.RequestAborted);
        return SeeOther(CheckoutVisit.Of(token, Request).Path("", "asked=1"));
    }

    /// <summary>Where gateways send the browser back. Shows what is known; the parameters that come along are not even read.</summary>
    [HttpGet("return")]
    public async Task<IResult> ReturnAsync(string token)
    {
        if (await queries.FindAsync(token, HttpContext.RequestAborted) is { } order)
        {
            await ask.ExecuteAsync(order, HttpContext.RequestAborted);
        }

        return Page(await show.ExecuteAsync(CheckoutVisit.OfReturn(token, Request), mayStart: false, HttpContext.RequestAborted));
    }

    private IResult Page(CheckoutView? view)
    {
        if (view is null)
        {
            return NoSuchPage();
        }

        Response.Headers.ContentSecurityPolicy = CheckoutHeadersAttribute.Policy(view.GatewayOrigins);
        return new RazorComponentResult<CheckoutPage>(new { View = view });
    }

    private static RazorComponentResult<UnknownCheckout> NoSuchPage() => new() { StatusCode = StatusCodes.Status404NotFound };

    private IResult Next(OfferMethodResult result, CheckoutVisit visit) => result switch
    {
        OfferMethodResult.GoTo there => SeeOther(there.Url.AbsoluteUri),
        OfferMethodResult.Unclear => SeeOther(visit.Path("", "unclear=1")),
        _ => SeeOther(visit.Page),
    };

    private IResult SeeOther(string location)
    {
        Response.Headers.Location = location;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
