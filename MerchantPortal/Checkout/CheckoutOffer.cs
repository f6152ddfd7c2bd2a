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

    /// <param name="Params">What the wallet's browser is handed; null until the wallet has told who the payer is.</param>
    public sealed record InApp(CheckoutMethod Method, IReadOnlyDictionary<string, string>? Params) : Through(Method);

    /// <param name="Url">The gateway's script.</param>
    /// <param name="Params">What the script is handed.</param>
    public sealed record Script(CheckoutMethod Method, string Url, IReadOnlyDictionary<string, string> Params) : Through(Method);

    public sealed record OpenElsewhere(CheckoutMethod Method) : Through(Method);

    /// <summary>The gateway has not said whether it takes the payment; trying again is safe.</summary>
    /// <param name="Shown">There was something to pay with before, so that the buyer may have paid.</param>
    public sealed record Unclear(CheckoutMethod Method, bool Shown = false) : Through(Method);

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

        var isOpen = open is not null && Is(open, method);
        return method.Presentation == CheckoutPresentation.OpenElsewhere ? new OpenElsewhere(method)
            : isOpen && open?.Status == AttemptStatus.Prompted ? OfPrompt(method, open.ReadPrompt(), now)
            : HasFailed(order, method) ? new Refused(method)
            : isOpen && method.StartsByItself ? new Unclear(method)
            : NotStarted(method);
    }

    /// <summary>
    /// What a first look may start by itself: a code or a button of the page's own, when nothing is in progress, or when the gateway
    /// did not answer the last time (asking again under the same number does no harm).
    /// </summary>
    public static CheckoutMethod? ToStart(CheckoutOrder order, IReadOnlyList<CheckoutMethod> methods, CheckoutBrand? wanted, DateTimeOffset now) =>
        Of(order, methods, wanted, now) switch
        {
            // What cannot be changed afterwards is chosen by the buyer.
            Ready ready when order.OpenAt(now) is null && (ready.Method.CanClose || methods.Count == 1) => ready.Method,
            Unclear { Method.StartsByItself: true } unclear => unclear.Method,
            _ => null,
        };

    private static CheckoutOffer NotStarted(CheckoutMethod method) => method.Presentation switch
    {
        CheckoutPresentation.Button => new Button(method, Started: false),
        CheckoutPresentation.InApp => new InApp(method, null),
        _ => new Ready(method),
    };

    /// <summary>A prompt that does not fit the way to pay is none: the buyer may try again.</summary>
    private static CheckoutOffer OfPrompt(CheckoutMethod method, PaymentPrompt? prompt, DateTimeOffset now) => (method.Presentation, prompt) switch
    {
        // However old it is: the buyer has been there, and a press of the button fetches a fresh address.
        (CheckoutPresentation.Button, { Kind: PromptKind.Redirect }) => new Button(method, Started: true),
        (CheckoutPresentation.InApp, { Kind: PromptKind.Jsapi }) when !prompt.IsGoodAt(now) => new InApp(method, null),
        (_, { } stale) when !stale.IsGoodAt(now) => new Unclear(method, Shown: true),
        (CheckoutPresentation.InApp, { Kind: PromptKind.Jsapi, Url: null, Params: { } handed }) => new InApp(method, handed),
        (CheckoutPresentation.Script, { Kind: PromptKind.Jsapi, Url: { } url, Params: { } handed }) => new Script(method, url, handed),
        (CheckoutPresentation.Code or CheckoutPresentation.SameScreenCode, { Kind: PromptKind.Qr, CodeUrl: { Length: > 0 } text }) => new Code(method, text),
        _ => new Unclear(method),
    };

    private static CheckoutMethod? Chosen(PaymentAttempt? open, IReadOnlyList<CheckoutMethod> methods, CheckoutBrand? wanted)
    {
        if (wanted is not null && methods.FirstOrDefault(method => method.Brand == wanted) is { } asked)
        {
            return asked;
        }

        return open is null ? (methods.Count > 0 ? methods[0] : null)
            : methods.SelectMany(method => new[] { method, method.Fallback }).FirstOrDefault(method => Is(open, method))
                ?? methods.FirstOrDefault(method => method.Brand == CheckoutOrder.BrandOf(open.Method) && !method.StartsByItself);
    }

    private static bool Is(PaymentAttempt attempt, CheckoutMethod? method) =>
        attempt.Method == method?.Method && attempt.ChannelAccountId == method.AccountId;

    private static bool HasFailed(CheckoutOrder order, CheckoutMethod method) =>
        order.Newest is { Status: AttemptStatus.Failed } failed && Is(failed, method);
}
