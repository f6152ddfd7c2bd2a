using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>genprepay: an order that the phone then pays under its prepayid.</summary>
internal sealed class CreateWeChatAppTrade(SandboxWriter writer, TimeProvider time)
{
    public async Task<JsonObject> ExecuteAsync(WeChatAppCall call, CancellationToken cancellationToken)
    {
        if (call.Package() is not { } package)
        {
            return WeChatAppAnswer.Error(49002, "invalid package sign");
        }

        return Read(call.Merchant, package) is { } asked
            ? await writer.WriteAsync((db, ct) => SaveAsync(db, asked, ct), cancellationToken)
            : WeChatAppAnswer.Error(49003, "invalid package");
    }

    private static async Task<JsonObject> SaveAsync(SandboxDbContext db, SandboxTrade asked, CancellationToken cancellationToken)
    {
        var known = await db.FindTradeAsync(asked.Merchant, asked.OutTradeNo, cancellationToken);
        if (known is null)
        {
            db.Attach(asked.Merchant);
            known = db.Trades.Add(asked).Entity;
        }

        if (known.State == TradeState.Paid || (known.Amount, known.Subject, known.NotifyUrl) != (asked.Amount, asked.Subject, asked.NotifyUrl))
        {
            return WeChatAppAnswer.Error(49005, known.State == TradeState.Paid ? "order is paid" : "out_trade_no is used");
        }

        var answer = WeChatAppAnswer.Ok;
        answer["prepayid"] = PrepayId.Of(known);
        answer["errmsg"] = "Success";
        return answer;
    }

    /// <returns>Null when a field is missing or breaks the documented limits.</returns>
    private SandboxTrade? Read(SandboxMerchant merchant, Dictionary<string, string> package)
    {
        var now = time.GetUtcNow();
        return package.GetValueOrDefault("bank_type") == "WX" && package.GetValueOrDefault("fee_type") == "1"
            && package.GetValueOrDefault("input_charset") is "UTF-8" or "GBK"
            && package.GetValueOrDefault("body") is { Length: > 0 } body && Encoding.UTF8.GetByteCount(body) < 128
            && package.GetValueOrDefault("out_trade_no") is { Length: > 0 and <= 32 } number
            && long.TryParse(package.GetValueOrDefault("total_fee"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount > 0
            && package.GetValueOrDefault("notify_url") is { Length: <= 255 } notify && SandboxUrls.IsReachable(notify)
            && package.GetValueOrDefault("spbill_create_ip") is { Length: > 0 and <= 15 }
            && IsTime(package.GetValueOrDefault("time_start")) && IsTime(package.GetValueOrDefault("time_expire"))
            ? new SandboxTrade
            {
                Merchant = merchant,
                OutTradeNo = number,
                Code = SandboxNumbers.Code(),
                TransactionId = SandboxNumbers.Transaction(SandboxChannels.WeChatApp, now),
                Product = TradeProduct.App,
                Subject = body,
                Amount = amount,
                NotifyUrl = notify,
                Attach = package.GetValueOrDefault("attach"),
                CreatedAt = now,
                OpenedAt = now,
                ExpiresAt = Beijing.ParseCompact(package.GetValueOrDefault("time_expire")),
            }
            : null;
    }

    private static bool IsTime(string? text) => text is null || Beijing.ParseCompact(text) is not null;
}
