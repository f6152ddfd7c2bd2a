using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>The payment in the address, signed with the partnerKey; who paid in the body, signed with the paySignKey. The same in every try.</summary>
internal sealed class WeChatAppNotificationComposer : INotificationComposer
{
    public string Channel => SandboxChannels.WeChatApp;

    public bool IsAcknowledged(int statusCode, string answer) => statusCode == StatusCodes.Status200OK && answer == "success";

    public Task<HttpRequestMessage> ComposeAsync(SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        var fields = Fields(delivery);
        if (delivery.Fault.Kind == FaultKind.Tamper)
        {
            fields["bank_billno"] = new string('0', fields["bank_billno"].Length);
        }

        var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        return Task.FromResult(new HttpRequestMessage(HttpMethod.Post, $"{delivery.Trade.NotifyUrl}?{query}")
        {
            Content = new StringContent(Body(delivery), Encoding.UTF8, "text/xml"),
        });
    }

    private static Dictionary<string, string> Fields(SandboxDelivery delivery)
    {
        var payment = delivery.Payment ?? throw new InvalidOperationException("This interface tells only of payments.");
        var merchant = delivery.Trade.Merchant;
        var fields = WeChatAppWire.Fields(delivery.Trade, payment, delivery.Fault.Kind == FaultKind.WrongAmount ? payment.Amount + 1 : payment.Amount);
        fields["sign_type"] = "MD5";
        fields["service_version"] = "1.0";
        fields["sign_key_index"] = "1";
        fields["notify_id"] = delivery.MessageId;
        fields["pay_info"] = "";
        fields["buyer_alias"] = "";
        var key = delivery.Fault.Kind == FaultKind.WrongKey ? SandboxNumbers.Key() : merchant.Secrets["partner_key"];
        fields["sign"] = WeChatAppSigning.Package(fields, key, Encoding.UTF8);
        return fields;
    }

    private static string Body(SandboxDelivery delivery)
    {
        var merchant = delivery.Trade.Merchant;
        var fields = new Dictionary<string, string>
        {
            ["OpenId"] = SandboxNumbers.OpenId,
            ["AppId"] = merchant.AppId,
            ["IsSubscribe"] = "0",
            ["TimeStamp"] = delivery.CreatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["NonceStr"] = RandomNumberGenerator.GetHexString(16, lowercase: true),
        };
        var signature = WeChatAppSigning.App(
            fields.Select(field => new KeyValuePair<string, string>(field.Key.ToLowerInvariant(), field.Value)), merchant.Secrets["pay_sign_key"]);
        return new XElement("xml", fields.Append(new("AppSignature", signature)).Append(new("SignMethod", "sha1"))
            .Select(field => new XElement(field.Key, new XCData(field.Value)))).ToString(SaveOptions.DisableFormatting);
    }
}
