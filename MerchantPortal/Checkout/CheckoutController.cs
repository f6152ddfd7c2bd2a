using MerchantPortal.Checkout.Pages;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

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

    /// <summary>The buyer has chosen a way to pay: to the gateway's page, or back to ours with something to do.</summary>
    [HttpPost("method")]
    public async Task<IResult> ChooseAsync(string token, [FromForm] string? method, [FromForm] string? bank)
    {
        var visit = CheckoutVisit.Of(token, Request);
        if (await queries.FindAsync(token, HttpContext.RequestAborted) is not { } order)
        {
            return CheckoutAnswers.NoSuchPage();
        }

        // Inside WeChat the payer is asked for first, see PayerController.
        return CheckoutMethods.Named(ShowCheckout.MethodsOf(order, visit), method)
            is { Presentation: not (CheckoutPresentation.OpenElsewhere or CheckoutPresentation.InApp) } chosen
            ? this.Next(await offer.ExecuteAsync(order, new OfferRequest(chosen, this.ClientIp(), Bank: bank is "" ? null : bank), HttpContext.RequestAborted), visit)
            : this.SeeOther(visit.Page);
    }

    [HttpPost("renew")]
    public async Task<IResult> RenewAsync(string token)
    {
        var visit = CheckoutVisit.Of(token, Request);
        return await queries.FindAsync(token, HttpContext.RequestAborted) is { } order
            ? this.Next(await renew.ExecuteAsync(order, ShowCheckout.MethodsOf(order, visit), HttpContext.RequestAborted), visit)
            : CheckoutAnswers.NoSuchPage();
    }

    /// <summary>"I have paid": makes us ask, believes nothing.</summary>
    [HttpPost("check")]
    public Task<IResult> CheckAsync(string token) => AskAsync(token, CheckoutNotice.Asked);

    /// <summary>"I had a problem": makes us ask just the same.</summary>
    [HttpPost("problem")]
    public Task<IResult> ProblemAsync(string token) => AskAsync(token, CheckoutNotice.Problem);

    /// <summary>Where gateways send the browser back. Shows what is known; the parameters that come along are not even read.</summary>
    [HttpGet("return")]
    public async Task<IResult> ReturnAsync(string token)
    {
        if (await queries.FindAsync(token, HttpContext.RequestAborted) is { } order)
        {
            await ask.ExecuteAsync(order, opens: false, HttpContext.RequestAborted);
        }

        return Page(await show.ExecuteAsync(CheckoutVisit.OfReturn(token, Request), mayStart: false, HttpContext.RequestAborted));
    }

    private async Task<IResult> AskAsync(string token, CheckoutNotice notice)
    {
        if (await queries.FindAsync(token, HttpContext.RequestAborted) is not { } order)
        {
            return CheckoutAnswers.NoSuchPage();
        }

        await ask.ExecuteAsync(order, opens: false, HttpContext.RequestAborted);
        return this.SeeOther(CheckoutVisit.Of(token, Request).Saying(notice));
    }

    private IResult Page(CheckoutView? view)
    {
        if (view is null)
        {
            return CheckoutAnswers.NoSuchPage();
        }

        Response.Headers.ContentSecurityPolicy = CheckoutHeadersAttribute.Policy(view.ScriptOrigin, view.FrameAncestors);
        if (view.FrameAncestors != EmbedPolicy.Nobody)
        {
            // Knows no list of origins, and would overrule the policy in old browsers.
            Response.Headers.Remove(HeaderNames.XFrameOptions);
        }

        return new RazorComponentResult<CheckoutPage>(new { View = view });
    }
}
