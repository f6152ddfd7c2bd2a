using System.Globalization;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>The webhook of a subscription: its sign covers the timestamp alone. Every try has the same bytes.</summary>
internal sealed class SubscriptionComposer(SandboxWriter writer)
{
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(10);

    public async Task<JsonObject> ComposeAsync(SandboxDelivery delivery, SubscriptionTrade subscription, CancellationToken cancellationToken)
    {
        var (trade, merchant) = (delivery.Trade, delivery.Trade.Merchant);
        var timestamp = await TimestampAsync(delivery, cancellationToken);
        var secret = delivery.Fault.Kind == FaultKind.WrongKey ? Guid.NewGuid().ToString() : merchant.Secrets[BeeCloudGateway.AppSecret];
        var sign = BeeCloudSign.Of(merchant.AppId, secret, timestamp.ToString(CultureInfo.InvariantCulture));
        return new JsonObject
        {
            ["sign"] = delivery.Fault.Kind == FaultKind.Tamper ? $"{sign[..^1]}{(sign[^1] == '0' ? '1' : '0')}" : sign,
            ["timestamp"] = timestamp,
            ["channel_type"] = "BC",
            ["sub_channel_type"] = "BC_SUBSCRIPTION",
            ["transaction_type"] = subscription.IsCharge ? "PAY" : "SUBSCRIPTION",
            ["transaction_id"] = trade.OutTradeNo,
            ["transaction_fee"] = !subscription.IsCharge ? 0 : delivery.Fault.Kind == FaultKind.WrongAmount ? trade.Amount + 1 : trade.Amount,
            ["trade_success"] = !subscription.Declined,
            ["message_detail"] = Detail(subscription),
            ["optional"] = new JsonObject(),
        };
    }

    private static JsonObject Detail(SubscriptionTrade subscription)
    {
        if (subscription.Declined)
        {
            return new JsonObject { ["subscription_id"] = subscription.SubscriptionId, ["err_msg"] = "余额不足" };
        }

        var detail = new JsonObject
        {
            ["buyer_id"] = SubscriptionTrade.BuyerId,
            ["card_id"] = SubscriptionTrade.CardId,
            ["plan_id"] = SubscriptionTrade.PlanId,
            ["bank_name"] = SubscriptionTrade.BankName,
            ["card_no"] = SubscriptionTrade.CardNo,
            ["id_name"] = SubscriptionTrade.IdName,
            ["id_no"] = SubscriptionTrade.IdNo,
            ["mobile"] = SubscriptionTrade.Mobile,
        };
        if (subscription.IsCharge)
        {
            detail["subscription_id"] = subscription.SubscriptionId;
        }

        return detail;
    }

    /// <summary>Milliseconds; a delivery's own, unless a fault says otherwise.</summary>
    private async Task<long> TimestampAsync(SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Fault.Kind == FaultKind.ReplayedTimestamp)
        {
            await using var db = writer.CreateDbContext();
            var earlier = await db.Deliveries.Where(row => row.Trade.MerchantId == delivery.Trade.MerchantId && row.Id < delivery.Id
                    && row.Trade.NotifyUrl == delivery.Trade.NotifyUrl)
                .OrderByDescending(row => row.Id).Select(row => (DateTimeOffset?)row.CreatedAt).FirstOrDefaultAsync(cancellationToken);
            return (earlier ?? delivery.CreatedAt).ToUnixTimeMilliseconds();
        }

        return (delivery.Fault.Kind == FaultKind.OldTimestamp ? delivery.CreatedAt - Old : delivery.CreatedAt).ToUnixTimeMilliseconds();
    }
}
