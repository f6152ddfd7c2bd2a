using System.Text.RegularExpressions;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>What both ways in (REST and Button) ask for.</summary>
/// <param name="Amount">分.</param>
internal sealed record BeeCloudOrder(string BillNo, string Title, long Amount, TradeProduct Product, string NotifyUrl)
{
    public string? ReturnUrl { get; init; }

    /// <summary>The merchant's own JSON object, handed back as it came; null when none was given.</summary>
    public string? Optional { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Opens a trade, or finds the one that has the number already.</summary>
internal sealed partial class OpenBeeCloudTrade(SandboxWriter writer, TimeProvider time)
{
    /// <returns>The trade, and whether it is new.</returns>
    public Task<(SandboxTrade Trade, bool IsNew)> ExecuteAsync(SandboxMerchant merchant, BeeCloudOrder order, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            async (db, ct) =>
            {
                if (await db.FindTradeAsync(merchant, order.BillNo, ct) is { } known)
                {
                    return (known, false);
                }

                db.Attach(merchant);
                var now = time.GetUtcNow();
                return (db.Trades.Add(new SandboxTrade
                {
                    Merchant = merchant,
                    OutTradeNo = order.BillNo,
                    Code = SandboxNumbers.Code(),
                    TransactionId = SandboxNumbers.Transaction(SandboxChannels.BeeCloud, now),
                    Product = order.Product,
                    Subject = order.Title,
                    Amount = order.Amount,
                    NotifyUrl = order.NotifyUrl,
                    ReturnUrl = order.ReturnUrl,
                    Attach = order.Optional,
                    CreatedAt = now,
                    OpenedAt = now,
                    ExpiresAt = order.ExpiresAt,
                }).Entity, true);
            },
            cancellationToken);

    [GeneratedRegex("^[A-Za-z0-9]{8,32}\\z")]
    public static partial Regex Number();
}
