using MerchantPortal.Api;

namespace MerchantPortal.Subscriptions;

/// <summary>Subscriptions and their charges for merchants' systems.</summary>
public static class SubscriptionsApi
{
    public static void MapSubscriptionsApi(this IEndpointRouteBuilder app) =>
        app.MapApiV1().MapGroup("/subscriptions").WithTags("Subscriptions")
            .MapGet("", ListAsync).Needs(ApiScopes.OrdersRead).Produces<ApiList<SubscriptionJson>>();

    private static async Task<ApiAnswer> ListAsync(ApiPage page, ApiCaller caller, SubscriptionQueries subscriptions, HttpContext context)
    {
        var found = await subscriptions.PageAsync(caller.StoreId, page.After, page.Limit, context.RequestAborted);
        return ApiPage.Answer(context, [.. found.Rows.Select(SubscriptionJson.Of)], found.Older is not null, row => row.Id);
    }
}

/// <param name="Collected">分: the sum of all charges that brought money.</param>
/// <param name="Charges">The newest ones.</param>
public sealed record SubscriptionJson(
    Guid Id, Guid ChannelAccountId, string SubscriptionId, string Status, string? PlanId, string? BuyerId, string? CardId, string? BankName, string? CardMasked,
    string? IdMasked, string? MobileMasked, string? FailureReason, long Collected, string Currency, DateTimeOffset CreatedAt, DateTimeOffset? LastChargedAt,
    IReadOnlyList<SubscriptionChargeJson> Charges)
{
    internal static SubscriptionJson Of(SubscriptionView view) => new(
        view.Row.Id, view.Row.ChannelAccountId, view.Row.ChannelSubscriptionId, ApiJson.Name(view.Row.Status), view.Row.PlanId, view.Row.BuyerId, view.Row.CardId,
        view.Row.BankName, view.Row.CardMasked, view.Row.IdMasked, view.Row.MobileMasked, view.Row.FailureReason, view.Collected, Money.Currency, view.Row.CreatedAt,
        view.Row.LastChargedAt, [.. view.Newest.Select(SubscriptionChargeJson.Of)]);
}

/// <param name="Amount">分; null where a failed charge does not tell it.</param>
public sealed record SubscriptionChargeJson(Guid Id, string ChargeId, string Status, long? Amount, string Currency, string? FailureReason, DateTimeOffset OccurredAt)
{
    internal static SubscriptionChargeJson Of(SubscriptionCharge row) =>
        new(row.Id, row.ChannelChargeId, ApiJson.Name(row.Status), row.Amount, Money.Currency, row.FailureReason, row.OccurredAt);
}
