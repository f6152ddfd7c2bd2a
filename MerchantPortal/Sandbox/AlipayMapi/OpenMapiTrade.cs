using System.Globalization;
using MerchantPortal.Sandbox.AlipayOpenApi;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>The buyer arrives with the order in hand, by browser or by app.</summary>
internal sealed class OpenMapiTrade(SandboxWriter writer, TimeProvider time)
{
    /// <summary>A trade that was opened before, or now; the interface's own code otherwise.</summary>
    public async Task<(SandboxTrade? Trade, string Error)> ExecuteAsync(MapiCall call, TradeProduct product, CancellationToken cancellationToken)
    {
        if (call.Field("out_trade_no") is not { Length: <= 64 } number || Money.ParseYuan(call.Field("total_fee")) is not (> 0 and var amount)
            || call.Field("subject") is not { Length: <= 256 } subject || call.Field("notify_url") is not { } notifyUrl || !SandboxUrls.IsReachable(notifyUrl)
            || call.Field("payment_type") != "1")
        {
            return (null, "ILLEGAL_ARGUMENT");
        }

        if ((call.Field("seller_id") ?? call.Field("seller_email")) is not { } seller || (seller != call.Merchant.MerchantNo && seller != MapiWire.SellerEmail))
        {
            return (null, "SELLER_NOT_EXIST");
        }

        if (call.Field("paymethod") == "bankPay" && call.Field("defaultbank") is null)
        {
            return (null, "DEFAULT_BANK_INVALID");
        }

        var now = time.GetUtcNow();
        var asked = new SandboxTrade
        {
            Merchant = call.Merchant,
            OutTradeNo = number,
            Code = SandboxNumbers.Code(),
            TransactionId = SandboxNumbers.Transaction(SandboxChannels.AlipayMapi, now),
            Product = product,
            Subject = subject,
            Amount = amount,
            NotifyUrl = notifyUrl,
            ReturnUrl = call.Field("return_url"),
            Attach = call.Field("extra_common_param"),
            Bank = call.Field("defaultbank"),
            CreatedAt = now,
            ExpiresAt = Minutes(call.Field("it_b_pay")) is { } minutes ? now.AddMinutes(minutes) : null,
            OpenedAt = now,
        };
        return await writer.WriteAsync((db, ct) => SaveAsync(db, asked, now, ct), cancellationToken);
    }

    private static async Task<(SandboxTrade?, string)> SaveAsync(SandboxDbContext db, SandboxTrade asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await db.FindTradeAsync(asked.Merchant, asked.OutTradeNo, cancellationToken);
        if (known is null)
        {
            db.Attach(asked.Merchant);
            return (db.Trades.Add(asked).Entity, "");
        }

        known.CloseWhenExpired(now);
        if (known.Amount != asked.Amount || known.Subject != asked.Subject)
        {
            return (null, "TRADE_DATA_MATCH_ERROR");
        }

        known.ReturnUrl = asked.ReturnUrl ?? known.ReturnUrl;
        known.Bank = asked.Bank;
        return (known, "");
    }

    private static int? Minutes(string? lifetime) =>
        lifetime is [.., 'm'] && int.TryParse(lifetime[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : null;
}
