using System.Globalization;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Checkout.Pages;

/// <summary>The buyer's page, rendered once per request; a small script looks for news, and without it the browser does.</summary>
public sealed partial class CheckoutPage
{
    [Parameter, EditorRequired] public required CheckoutView View { get; set; }

    private string Title => View.State switch
    {
        CheckoutState.Waiting => Text["TitleWaiting", Money.Display(View.Order.Order.Amount), View.Order.Store.Name],
        CheckoutState.Expired => Text["TitleExpired", View.Order.Store.Name],
        CheckoutState.Paid => Text["TitlePaid", View.Order.Store.Name],
        CheckoutState.Closed => Text["TitleClosed", View.Order.Store.Name],
    };

    /// <summary>Only while waiting: an expired page must not take the buyer's press away every five seconds, nor a bank the choice of it.</summary>
    private string? RefreshTo => View is { State: CheckoutState.Waiting, Offer: not (CheckoutOffer.NoChannel or CheckoutOffer.Unclear) }
        && View.Offer?.Open is null or { Banks.Count: 0 }
        ? View.Visit.Again
        : null;

    private bool NeedsScript => View.State is CheckoutState.Waiting or CheckoutState.Expired || (View.State == CheckoutState.Paid && View.Order.Order.ReturnUrl is not null);

    private IReadOnlyList<string> Scripts =>
        View.Visit.IsEmbedded ? ["checkout-frame.js"]
        : View.Offer is CheckoutOffer.Script ? ["checkout-script.js"]
        : View.State == CheckoutState.Waiting && View.Methods.Any(method => method.Presentation == CheckoutPresentation.InApp) ? ["checkout-wechat.js"]
        : [];

    private string ShopInitial => StringInfo.GetNextTextElement(View.Order.Store.Name.Trim()) is { Length: > 0 } first ? first.ToUpperInvariant() : "·";

    private string Help => View.Order.Store.SupportContact is { Length: > 0 } contact
        ? Text["Help", contact]
        : Text["HelpAsk", View.Order.Store.Name];

    private string OtherLanguageName => View.Visit.Language == CultureChoice.Chinese ? CultureChoice.English : CultureChoice.Chinese;

    private string OtherLanguage => (View.Visit with { ChosenLanguage = OtherLanguageName }).Again;
}
