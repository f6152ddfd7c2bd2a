using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>What 秒支付 Button's script brings from the shop's page.</summary>
internal sealed class OpenButtonTrade(BeeCloudGate gate, OpenBeeCloudTrade open)
{
    private const int MaxTitle = 32;

    /// <returns>The trade, or a word that says what is wrong.</returns>
    public async Task<(SandboxTrade? Trade, string Problem)> ExecuteAsync(IQueryCollection data, CancellationToken cancellationToken)
    {
        if (await gate.FindAsync(Value(data, "appId"), cancellationToken) is not { } merchant)
        {
            return (null, "APP_INVALID");
        }

        var (number, title, amount) = (Value(data, "out_trade_no"), Value(data, "title"), Value(data, "amount"));
        if (!OpenBeeCloudTrade.Number().IsMatch(number) || title.Length is 0 or > MaxTitle
            || !long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var fen) || fen <= 0
            || Value(data, "sign") != BeeCloudSign.Of(merchant.AppId, title, amount, number, merchant.Secrets[BeeCloudGateway.AppSecret]))
        {
            return (null, "PARAM_INVALID");
        }

        var optional = Optional(Value(data, "optional"));
        if (optional is null || BeeCloudCall.Text(optional, "webhook") is not { } webhook || !SandboxUrls.IsReachable(webhook))
        {
            return (null, "WEBHOOK_NOT_SET");
        }

        var (trade, _) = await open.ExecuteAsync(
            merchant,
            new BeeCloudOrder(number, title, fen, Value(data, "instant_channel") == "ali" ? TradeProduct.Page : TradeProduct.Button, webhook)
            {
                ReturnUrl = SandboxUrls.IsReachable(Value(data, "return_url")) ? Value(data, "return_url") : null,
                Optional = optional.ToJsonString(),
            },
            cancellationToken);
        return trade.Amount == fen && trade.Subject == title ? (trade, "") : (null, "BILL_NO_DUPLICATE");
    }

    private static JsonObject? Optional(string text)
    {
        try
        {
            return text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Value(IQueryCollection data, string name) => data[name].ToString();
}
