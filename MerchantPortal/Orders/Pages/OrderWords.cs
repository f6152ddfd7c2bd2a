using MerchantPortal.Shell;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

/// <summary>The one vocabulary in which orders are spoken of.</summary>
internal static class OrderWords
{
    /// <summary>The status first, then whatever a person has to look at, the most urgent last.</summary>
    public static IEnumerable<(StatusTone Tone, string Key)> Chips(OrderStatus status, OrderFlags flags, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        yield return status switch
        {
            OrderStatus.Pending when expiresAt <= now => (StatusTone.Wait, "StatusExpired"),
            OrderStatus.Pending => (StatusTone.Info, "StatusWaiting"),
            OrderStatus.Paid when flags.HasFlag(OrderFlags.PaidLate) => (StatusTone.Warn, "StatusPaidLate"),
            OrderStatus.Paid => (StatusTone.Ok, "StatusPaid"),
            OrderStatus.PartiallyRefunded => (StatusTone.Wait, "StatusPartlyRefunded"),
            OrderStatus.Refunded => (StatusTone.Wait, "StatusRefunded"),
            OrderStatus.Closed => (StatusTone.Wait, "StatusClosed"),
        };
        if (flags.HasFlag(OrderFlags.DuplicateMoney))
        {
            yield return (StatusTone.Warn, "FlagDuplicateMoney");
        }

        if (flags.HasFlag(OrderFlags.NeedsReview))
        {
            yield return (StatusTone.Warn, "FlagNeedsReview");
        }
    }

    /// <summary>A channel in the reader's language; one that has no name of its own keeps its public one.</summary>
    public static string Channel(string channel, IStringLocalizer<OrdersText> text) =>
        text[$"Channel_{channel}"] is { ResourceNotFound: false } name ? name.Value : channel;
}
