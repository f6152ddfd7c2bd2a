using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>The webhook of a payment or a refund: JSON, a digest over five fields. Those of subscriptions are another's work.</summary>
internal sealed class BeeCloudNotificationComposer(SubscriptionComposer subscriptions, TimeProvider time) : INotificationComposer
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Channel => SandboxChannels.BeeCloud;

    public bool IsAcknowledged(int statusCode, string answer) => statusCode == StatusCodes.Status200OK && answer == "success";

    public async Task<HttpRequestMessage> ComposeAsync(SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        var message = SubscriptionTrade.Of(delivery.Trade) is { } subscription
            ? await subscriptions.ComposeAsync(delivery, subscription, cancellationToken)
            : Payment(delivery);
        return new HttpRequestMessage(HttpMethod.Post, delivery.Trade.NotifyUrl)
        {
            Content = new StringContent(message.ToJsonString(Plain), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
    }

    private JsonObject Payment(SandboxDelivery delivery)
    {
        var (trade, merchant) = (delivery.Trade, delivery.Trade.Merchant);
        var (channel, sub) = BeeCloudProducts.Of(trade.Product);
        var (type, number, amount) = delivery.Refund is { } refund ? ("REFUND", refund.OutRefundNo, refund.Amount) : ("PAY", trade.OutTradeNo, trade.Amount);
        var fee = delivery.Fault.Kind == FaultKind.WrongAmount ? amount + 1 : amount;
        var secret = delivery.Fault.Kind == FaultKind.WrongKey ? Guid.NewGuid().ToString() : merchant.Secrets[BeeCloudGateway.MasterSecret];
        var transaction = delivery.Payment?.TransactionId ?? trade.TransactionId;
        return new JsonObject
        {
            ["signature"] = BeeCloudSign.Of(merchant.AppId, number, type, channel, fee.ToString(CultureInfo.InvariantCulture), secret),
            ["timestamp"] = time.GetUtcNow().ToUnixTimeMilliseconds(),
            ["channel_type"] = channel,
            ["sub_channel_type"] = sub,
            ["transaction_type"] = type,
            ["transaction_id"] = number,
            ["transaction_fee"] = delivery.Fault.Kind == FaultKind.Tamper ? fee + 1 : fee,
            ["trade_success"] = true,
            ["message_detail"] = Detail(trade, channel, fee, transaction),
            ["optional"] = trade.Attach is { } optional ? JsonNode.Parse(optional) : new JsonObject(),
            ["channel_transaction_id"] = transaction,
        };
    }

    /// <summary>What the channel itself has said: 元 at Alipay, 分 at WeChat.</summary>
    private static JsonObject Detail(SandboxTrade trade, string channel, long fee, string transaction) => channel == "ALI"
        ? new JsonObject
        {
            ["out_trade_no"] = trade.OutTradeNo,
            ["trade_no"] = transaction,
            ["total_fee"] = Money.ToYuan(fee),
            ["trade_status"] = "TRADE_SUCCESS",
            ["buyer_id"] = SandboxNumbers.BuyerId,
        }
        : new JsonObject
        {
            ["out_trade_no"] = trade.OutTradeNo,
            ["transaction_id"] = transaction,
            ["total_fee"] = fee.ToString(CultureInfo.InvariantCulture),
            ["result_code"] = "SUCCESS",
            ["openid"] = SandboxNumbers.OpenId,
        };
}
