using MerchantPortal.Checkout.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MerchantPortal.Checkout;

/// <summary>Answers that more than one address of the checkout gives.</summary>
internal static class CheckoutAnswers
{
    public static RazorComponentResult<UnknownCheckout> NoSuchPage() => new() { StatusCode = StatusCodes.Status404NotFound };

    /// <summary>After a press: the browser fetches the page anew, and a reload repeats nothing.</summary>
    public static IResult SeeOther(this ControllerBase controller, string location)
    {
        controller.Response.Headers.Location = location;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    public static IResult Next(this ControllerBase controller, OfferMethodResult result, CheckoutVisit visit) => controller.SeeOther(result switch
    {
        OfferMethodResult.Leave => visit.Path("/go"),
        OfferMethodResult.Unclear => visit.Saying(CheckoutNotice.GatewayUnclear),
        OfferMethodResult.UnknownBank => visit.Saying(CheckoutNotice.BankUnknown),
        _ => visit.Page,
    });

    /// <summary>The buyer's address as gateways take it.</summary>
    /// <returns>Null when there is no connection to read it from.</returns>
    public static string? ClientIp(this ControllerBase controller) => controller.HttpContext.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : null;
}
