using MerchantPortal.Checkout.Pages;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MerchantPortal.Checkout;

/// <summary>The last page of ours before a gateway's. It moves on by itself, without script, and changes nothing.</summary>
[AllowAnonymous]
[CheckoutHeaders]
[OwnContentPolicy]
[Route("/pay/{token}/go")]
public sealed class LeaveController(LeaveCheckout leave) : ControllerBase
{
    [HttpGet]
    public async Task<IResult> GoAsync(string token) => await leave.ExecuteAsync(token, HttpContext.RequestAborted) switch
    {
        LeaveCheckoutResult.Go there => Page(there),
        LeaveCheckoutResult.Stay => this.SeeOther(CheckoutVisit.Of(token, Request).Page),
        _ => CheckoutAnswers.NoSuchPage(),
    };

    private RazorComponentResult<LeavingPage> Page(LeaveCheckoutResult.Go there)
    {
        if (there.Method == PaymentMethod.H5)
        {
            // WeChat opens from registered domains only, and knows the domain by this header. The token stays here.
            Response.Headers["Referrer-Policy"] = "strict-origin";
        }

        return new RazorComponentResult<LeavingPage>(new { there.Url, Brand = CheckoutOrder.BrandOf(there.Method) });
    }
}
