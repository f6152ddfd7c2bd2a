using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>
/// 秒支付 Button: no call to BeeCloud; the page loads BeeCloud's script, which takes these parameters.
/// <para>
/// The sign glues title, amount and number together, so it holds for every other way to cut the same text: ("茶", 1280) and ("茶1", 280)
/// have one sign. What we can, we pin: a title never ends in a digit, so the amount cannot grow by digits of the title, and the number
/// begins with a letter, so the amount cannot take digits of the number. That digits of the amount go over to the title nobody but
/// BeeCloud could forbid. It makes the buyer pay less under our number, and the payment's webhook and query tell the amount that was
/// paid: it is compared with the order's, and a difference books nothing.
/// </para>
/// </summary>
internal sealed partial class BeeCloudButton(BeeCloudKeys keys, Uri scriptUrl, PaymentMode mode)
{
    /// <summary>In half-width columns: fewer than 16 汉字, fewer than 32 letters.</summary>
    private const int MaxWidth = 30;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.Default };

    public CreateResult Create(CreatePayment request)
    {
        if (!Number().IsMatch(request.OutTradeNo))
        {
            return new CreateResult.Refused("out_trade_no", "The Button's number must begin with a letter and have 8–32 letters and digits.");
        }

        if (request.Amount <= 0)
        {
            return new CreateResult.Refused("amount", "The Button's amount must be above zero.");
        }

        var title = Title(request.Subject);
        var amount = request.Amount.ToString(CultureInfo.InvariantCulture);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["out_trade_no"] = request.OutTradeNo,
            ["title"] = title,
            ["amount"] = amount,
            ["sign"] = BeeCloudSignature.Button(keys, title, amount, request.OutTradeNo),
            ["return_url"] = request.ReturnUrl.AbsoluteUri,
            ["optional"] = Optional(request),
        };
        if (keys.InstantChannel is { } channel)
        {
            parameters["instant_channel"] = channel;
        }

        return new CreateResult.Prompted(PaymentPrompt.Script($"{scriptUrl.AbsoluteUri}?appId={Uri.EscapeDataString(keys.AppId)}", parameters));
    }

    /// <summary>
    /// A live app's webhook is set in BeeCloud's console, which the sandbox does not have: there the address comes along. What comes back
    /// in <c>optional</c> is never believed.
    /// </summary>
    private string Optional(CreatePayment request)
    {
        var optional = new JsonObject { ["out_trade_no"] = request.OutTradeNo };
        if (mode == PaymentMode.Test)
        {
            optional["webhook"] = request.NotifyUrl.AbsoluteUri;
        }

        return optional.ToJsonString(Plain);
    }

    /// <summary>Letters, digits, blanks and a few marks, short enough, and no digit at the end.</summary>
    internal static string Title(string subject)
    {
        var title = new StringBuilder(MaxWidth);
        var width = 0;
        foreach (var rune in subject.EnumerateRunes())
        {
            var kept = Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or '.' or '·' ? rune : new Rune(' ');
            width += kept.IsAscii ? 1 : 2;
            if (width > MaxWidth)
            {
                break;
            }

            title.Append(kept.ToString());
        }

        var clean = Blanks().Replace(title.ToString(), " ").Trim();
        return clean.Length == 0 ? "Order" : Rune.IsNumber(clean.EnumerateRunes().Last()) ? $"{clean}." : clean;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{7,31}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(" +", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();
}
