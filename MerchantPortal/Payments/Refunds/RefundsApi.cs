using MerchantPortal.Api;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Refunds;

/// <summary>Giving money back, for merchants' systems.</summary>
public static class RefundsApi
{
    public static void MapRefundsApi(this IEndpointRouteBuilder app) =>
        app.MapApiV1().MapGroup("/orders/{number}").WithTags("Orders")
            .MapPost("refunds", RefundAsync).Needs(ApiScopes.RefundsWrite).Once()
            .Produces<RefundJson>(StatusCodes.Status201Created).Produces<RefundJson>();

    private static async Task<ApiAnswer> RefundAsync(
        string number, ApiBody<RefundBody> body, ApiCaller caller, RefundPayment refund, RefundQueries refunds, CancellationToken cancellationToken)
    {
        if (await refunds.FindPaymentAsync(caller.StoreId, number, body.Value.TransactionId, cancellationToken) is not { } target)
        {
            return ApiAnswer.NotFound("order");
        }

        if (target.PaymentId is null && body.Value.TransactionId is not null)
        {
            return ApiAnswer.Unprocessable("transaction_unknown", "The order has no payment with this transaction_id.");
        }

        return await refund.ExecuteAsync(body.Value.ToWish(target.OrderId, target.PaymentId), caller.Actor, cancellationToken) switch
        {
            RefundPaymentResult.Taken { IsNew: true } taken => ApiAnswer.Created(OrderJsonQueries.Json(taken.Refund)),
            RefundPaymentResult.Taken taken => ApiAnswer.Ok(OrderJsonQueries.Json(taken.Refund)),
            RefundPaymentResult.TooMuch tooMuch => ApiAnswer.Problem(
                StatusCodes.Status409Conflict, "refund_too_large", "More than is left of the payment.", ("remaining", tooMuch.Remaining)),
            RefundPaymentResult.Refused refused when refused == RefundPaymentResult.Refused.NumberUsed || refused == RefundPaymentResult.Refused.NothingPaid =>
                ApiAnswer.Conflict(refused.Code, refused.Message),
            RefundPaymentResult.Refused refused => ApiAnswer.Unprocessable(refused.Code, refused.Message),
            _ => throw new InvalidOperationException("A refund is taken, too much or refused."),
        };
    }
}

/// <param name="Amount">分.</param>
/// <param name="Reason">Why, in the shop's own words.</param>
/// <param name="RefundNo">The shop's number of this intent: the same number and amount answer the same refund.</param>
/// <param name="ReasonCode">What reports count by; <c>other</c> when left out.</param>
/// <param name="TransactionId">The gateway's number of the payment that is meant; left out: what the order was paid with.</param>
public sealed record RefundBody(long? Amount, string? Reason, string? RefundNo = null, RefundReason? ReasonCode = null, string? TransactionId = null)
{
    internal RefundWish ToWish(Guid orderId, Guid? paymentId) =>
        new(orderId, paymentId, Amount ?? 0, ReasonCode ?? RefundReason.Other, Reason ?? "", RefundNo);
}
