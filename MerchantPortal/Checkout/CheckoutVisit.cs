namespace MerchantPortal.Checkout;

/// <summary>What a buyer's browser asks of the page. Everything here only changes the looks.</summary>
/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
/// <param name="ChosenLanguage">Set when the buyer chose it; goes along with every link, since there is no cookie to keep it.</param>
/// <param name="IsCounter">Large, for a screen that stands on a counter.</param>
/// <param name="Wanted">The wallet whose panel is to be open; null when the page may choose.</param>
/// <param name="HasAsked">The buyer has said that the money is on its way.</param>
/// <param name="GatewayWasUnclear">The last choice of a way to pay got no answer.</param>
public sealed record CheckoutVisit(
    string Token, string Language, string? ChosenLanguage, BuyerDevice Device, bool IsCounter, CheckoutBrand? Wanted, bool HasAsked, bool GatewayWasUnclear)
{
    private const string Counter = "counter";

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
            request.Query["asked"] == "1",
            request.Query["unclear"] == "1");
    }

    /// <summary>A gateway sends the browser back with parameters of its own making, or somebody writes them: none is read.</summary>
    public static CheckoutVisit OfReturn(string token, HttpRequest request) => new(
        token, CheckoutLanguage.Of(request), null, BuyerAgent.DeviceOf(request.Headers.UserAgent), false, null, HasAsked: true, false);

    public static CheckoutBrand? BrandNamed(string? name) => name switch
    {
        "wechat" => CheckoutBrand.WeChat,
        "alipay" => CheckoutBrand.Alipay,
        _ => null,
    };

    public static string NameOf(CheckoutBrand brand) => brand switch
    {
        CheckoutBrand.WeChat => "wechat",
        CheckoutBrand.Alipay => "alipay",
    };

    /// <summary>The page itself, in this language and size.</summary>
    public string Page => Path("");

    /// <param name="below">What stands after the token, e.g. <c>/check</c>.</param>
    /// <param name="more">Further parameters, e.g. <c>asked=1</c>.</param>
    public string Path(string below, params IEnumerable<string> more)
    {
        var query = string.Join('&', ((IEnumerable<string?>)[ChosenLanguage is null ? null : $"lang={ChosenLanguage}", IsCounter ? $"display={Counter}" : null, .. more])
            .Where(part => part is not null));
        return $"/pay/{Token}{below}{(query.Length > 0 ? "?" : "")}{query}";
    }
}
