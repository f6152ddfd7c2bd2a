namespace MerchantPortal.Payments.Channels;

/// <summary>What the payer sees next. Exactly the members of its kind are set.</summary>
/// <param name="CodeUrl">Text to draw as a QR code (<see cref="PromptKind.Qr"/>).</param>
/// <param name="Url">Address to send the browser to (<see cref="PromptKind.Redirect"/>), or of the script that takes the params (<see cref="PromptKind.Jsapi"/>; null where the browser has it).</param>
/// <param name="Form">HTML form that submits itself (<see cref="PromptKind.Form"/>).</param>
/// <param name="Params">The wire's own names, for a page script or an app (<see cref="PromptKind.Jsapi"/>, <see cref="PromptKind.App"/>).</param>
/// <param name="MadeFor">The bank, or a mark of the payer, that it was made for and is of no use to another; null when it is for anybody.</param>
/// <param name="GoodUntil">UTC: from then on the gateway takes it no more, and the same order has to be asked for a new one; null when it is good as long as the attempt.</param>
public sealed record PaymentPrompt(
    PromptKind Kind,
    string? CodeUrl = null,
    string? Url = null,
    string? Form = null,
    IReadOnlyDictionary<string, string>? Params = null,
    string? MadeFor = null,
    DateTimeOffset? GoodUntil = null)
{
    public bool IsGoodAt(DateTimeOffset now) => GoodUntil is not { } end || end > now;

    public static PaymentPrompt Qr(string codeUrl) => new(PromptKind.Qr, CodeUrl: codeUrl);

    public static PaymentPrompt Redirect(string url) => new(PromptKind.Redirect, Url: url);

    /// <summary>For a script that the wallet's own browser has.</summary>
    public static PaymentPrompt Jsapi(IReadOnlyDictionary<string, string> parameters) => new(PromptKind.Jsapi, Params: parameters);

    /// <summary>For a script that the page has to fetch from the gateway first.</summary>
    public static PaymentPrompt Script(string scriptUrl, IReadOnlyDictionary<string, string> parameters) =>
        new(PromptKind.Jsapi, Url: scriptUrl, Params: parameters);

    /// <summary>For the merchant's app, which hands them to the wallet's SDK.</summary>
    public static PaymentPrompt App(IReadOnlyDictionary<string, string> parameters) => new(PromptKind.App, Params: parameters);
}

public enum PromptKind
{
    Qr,
    Redirect,
    Form,
    Jsapi,
    App,
}
