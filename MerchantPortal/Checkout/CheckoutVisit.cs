using MerchantPortal.Accounts;

namespace MerchantPortal.Checkout;

/// <summary>What a buyer's browser asks of the page. Everything here only changes the looks.</summary>
/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
/// <param name="ChosenLanguage">Set when the buyer chose it; goes along with every link, since there is no cookie to keep it.</param>
/// <param name="IsCounter">Large, for a screen that stands on a counter.</param>
/// <param name="Wanted">The wallet whose panel is to be open; null when the page may choose.</param>
/// <param name="Notice">What came of the last press.</param>
public sealed record CheckoutVisit(
    string Token, string Language, string? ChosenLanguage, BuyerDevice Device, bool IsCounter, CheckoutBrand? Wanted, CheckoutNotice Notice)
{
    private const string Counter = "counter";

    private static readonly (CheckoutNotice Notice, string Parameter)[] Notices =
    [
        (CheckoutNotice.Asked, "asked"),
        (CheckoutNotice.Problem, "problem"),
        (CheckoutNotice.GatewayUnclear, "unclear"),
        (CheckoutNotice.PayerUnclear, "payer"),
        (CheckoutNotice.BankUnknown, "bank"),
    ];

    /// <summary>A shop shows the page inside one of its own.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>The page around this one, as it calls itself: to be believed only when it is on the store's list.</summary>
    public string? EmbedOrigin { get; init; }

    /// <summary>The same visit in a tab of its own.</summary>
    public CheckoutVisit OnItsOwn() => this with { IsEmbedded = false, EmbedOrigin = null };

    public static CheckoutVisit Of(string token, HttpRequest request)
    {
        var chosen = CheckoutLanguage.Chosen(request);
        return new CheckoutVisit(
            token,
            chosen ?? CheckoutLanguage.Of(request),
            chosen,
            BuyerAgent.DeviceOf(request.Headers.UserAgent),
            request.Query["display"] == Counter,
            BrandNamed(request.Query["method"]),
            Notices.FirstOrDefault(one => request.Query[one.Parameter] == "1").Notice)
        {
            IsEmbedded = request.Query["embed"] == "1",
            EmbedOrigin = EmbedOrigins.Normalise(request.Query["origin"]),
        };
    }

    /// <summary>A gateway sends the browser back with parameters of its own making, or somebody writes them: none is read.</summary>
    public static CheckoutVisit OfReturn(string token, HttpRequest request) => new(
        token, CheckoutLanguage.Of(request), null, BuyerAgent.DeviceOf(request.Headers.UserAgent), false, null, CheckoutNotice.Asked);

    public static CheckoutBrand? BrandNamed(string? name) => name switch
    {
        "wechat" => CheckoutBrand.WeChat,
        "alipay" => CheckoutBrand.Alipay,
        "quick" => CheckoutBrand.QuickPay,
        _ => null,
    };

    public static string NameOf(CheckoutBrand brand) => brand switch
    {
        CheckoutBrand.WeChat => "wechat",
        CheckoutBrand.Alipay => "alipay",
        CheckoutBrand.QuickPay => "quick",
    };

    /// <summary>The page itself, in this language and size.</summary>
    public string Page => Path("");

    /// <summary>The page once more, saying what came of a press.</summary>
    public string Saying(CheckoutNotice notice) => (this with { Notice = notice }).Again;

    /// <summary>The page as it stands: the same panel, the same notice.</summary>
    public string Again => Path("",
    [
        .. Wanted is { } brand ? [$"method={NameOf(brand)}"] : Array.Empty<string>(),
        .. Notices.Where(one => one.Notice == Notice).Select(one => $"{one.Parameter}=1"),
    ]);

    /// <param name="below">What stands after the token, e.g. <c>/check</c>.</param>
    /// <param name="more">Further parameters, e.g. <c>asked=1</c>.</param>
    public string Path(string below, params IEnumerable<string> more)
    {
        var query = string.Join('&', ((IEnumerable<string?>)
        [
            ChosenLanguage is null ? null : $"lang={ChosenLanguage}",
            IsCounter ? $"display={Counter}" : null,
            IsEmbedded ? "embed=1" : null,
            IsEmbedded && EmbedOrigin is not null ? $"origin={Uri.EscapeDataString(EmbedOrigin)}" : null,
            .. more,
        ]).Where(part => part is not null));
        return $"/pay/{Token}{below}{(query.Length > 0 ? "?" : "")}{query}";
    }
}
