using MerchantPortal.Shell;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MerchantPortal.Checkout;

/// <summary>
/// Paying inside WeChat: to WeChat and back, to learn who pays. Plain GETs, and the state that goes along takes the place of a cookie.
/// </summary>
[AllowAnonymous]
[CheckoutHeaders]
[OwnContentPolicy]
[Route("/pay/{token}")]
public sealed class PayerController(CheckoutQueries queries, SendForPayer send, IdentifyPayer identify, OfferMethod offer, TimeProvider time) : ControllerBase
{
    /// <summary>Tells the page's script that the buyer has just pressed: the fragment never leaves the browser.</summary>
    private const string PayNow = "#pay";

    [HttpGet("identify")]
    public async Task<IResult> LeaveAsync(string token)
    {
        var visit = CheckoutVisit.Of(token, Request);
        if (await queries.FindAsync(token, HttpContext.RequestAborted) is not { } order)
        {
            return CheckoutAnswers.NoSuchPage();
        }

        return InApp(order, visit) is { } method && await send.ExecuteAsync(order, method, visit, HttpContext.RequestAborted) is { } way
            ? this.SeeOther(way.AbsoluteUri)
            : this.SeeOther(visit.Page);
    }

    [HttpGet("openid")]
    public async Task<IResult> ComeBackAsync(string token, string? code, string? state)
    {
        var visit = CheckoutVisit.Of(token, Request);
        if (await queries.FindAsync(token, HttpContext.RequestAborted) is not { } order)
        {
            return CheckoutAnswers.NoSuchPage();
        }

        if (InApp(order, visit) is not { } method)
        {
            return this.SeeOther(visit.Page);
        }

        if (await identify.ExecuteAsync(order, method, state, code, HttpContext.RequestAborted) is not { } openId)
        {
            return this.SeeOther(visit.Saying(CheckoutNotice.PayerUnclear));
        }

        var started = await offer.ExecuteAsync(order, new OfferRequest(method, this.ClientIp(), openId), HttpContext.RequestAborted);
        return started is OfferMethodResult.LookAgain ? this.SeeOther(visit.Page + PayNow) : this.Next(started, visit);
    }

    /// <returns>Null when the order waits for no money, or this is no browser inside WeChat.</returns>
    private CheckoutMethod? InApp(CheckoutOrder order, CheckoutVisit visit) => order.StateAt(time.GetUtcNow()) == CheckoutState.Waiting
        ? ShowCheckout.MethodsOf(order, visit).FirstOrDefault(method => method.Presentation == CheckoutPresentation.InApp)
        : null;
}
