using System.Text.Json;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>What the page puts in front of a buyer who has not paid.</summary>
public abstract record CheckoutOffer
{
    /// <summary>The way to pay that is open on the page; null when none is.</summary>
    public CheckoutMethod? Open => (this as Through)?.Method;

    /// <summary>The store has no account that could collect here.</summary>
    public sealed record NoChannel : CheckoutOffer;

    /// <summary>Another way to pay is in progress that this page cannot show: the buyer chooses anew.</summary>
    public sealed record Choose : CheckoutOffer;

    /// <summary>Something to do with one way to pay.</summary>
    public abstract record Through(CheckoutMethod Method) : CheckoutOffer;

    /// <param name="Text">What the code says.</param>
    public sealed record Code(CheckoutMethod Method, string Text) : Through(Method);

    /// <summary>A code that a press of a button makes.</summary>
    public sealed record Ready(CheckoutMethod Method) : Through(Method);

    /// <param name="Started">The buyer has been sent there before.</param>
    public sealed record Button(CheckoutMethod Method, bool Started) : Through(Method);

    public sealed record OpenElsewhere(CheckoutMethod Method) : Through(Method);

    /// <summary>The gateway has not said whether it takes the payment; trying again is safe.</summary>
    public sealed record Unclear(CheckoutMethod Method) : Through(Method);

    /// <summary>The gateway refused.</summary>
    public sealed record Refused(CheckoutMethod Method) : Through(Method);

    /// <param name="wanted">The wallet that the buyer asked to see; null when none.</param>
    public static CheckoutOffer Of(CheckoutOrder order, IReadOnlyList<CheckoutMethod> methods, CheckoutBrand? wanted, DateTimeOffset now)
    {
        var open = order.OpenAt(now);
        if (Chosen(open, methods, wanted) is not { } method)
        {
            return methods.Count == 0 ? new NoChannel() : new Choose();
        }

        var isOpen = open is not null && open.Method == method.Method && open.ChannelAccountId == method.AccountId;
        return method.Presentation switch
        {
            CheckoutPresentation.Button when HasFailed(order, method) => new Refused(method),
            CheckoutPresentation.Button => new Button(method, isOpen && open?.Status == AttemptStatus.Prompted),
            CheckoutPresentation.OpenElsewhere => new OpenElsewhere(method),
            _ when isOpen => CodeOf(open) is { } text ? new Code(method, text) : new Unclear(method),
            _ => HasFailed(order, method) ? new Refused(method) : new Ready(method),
        };
    }

    /// <summary>
    /// What a first look may start by itself: a code, when nothing is in progress, or when the gateway did not answer the last time
    /// (asking again under the same number does no harm).
    /// </summary>
    public static CheckoutMethod? ToStart(CheckoutOrder order, IReadOnlyList<CheckoutMethod> methods, CheckoutBrand? wanted, DateTimeOffset now) =>
        Of(order, methods, wanted, now) switch
        {
            Ready ready when order.OpenAt(now) is null => ready.Method,
            Unclear unclear => unclear.Method,
            _ => null,
        };

    private static CheckoutMethod? Chosen(PaymentAttempt? open, IReadOnlyList<CheckoutMethod> methods, CheckoutBrand? wanted)
    {
        if (wanted is not null && methods.FirstOrDefault(method => method.Brand == wanted) is { } asked)
        {
            return asked;
        }

        return open is null ? (methods.Count > 0 ? methods[0] : null)
            : methods.FirstOrDefault(method => method.Method == open.Method && method.AccountId == open.ChannelAccountId)
                ?? methods.FirstOrDefault(method => method.Brand == CheckoutOrder.BrandOf(open.Method) && !method.IsCode);
    }

    private static bool HasFailed(CheckoutOrder order, CheckoutMethod method) =>
        order.Newest is { Status: AttemptStatus.Failed } failed && failed.Method == method.Method && failed.ChannelAccountId == method.AccountId;

    private static string? CodeOf(PaymentAttempt? attempt) => attempt?.PromptJson is { } json
        && JsonSerializer.Deserialize<PaymentPrompt>(json) is { Kind: PromptKind.Qr, CodeUrl: { Length: > 0 } text }
            ? text
            : null;
}
