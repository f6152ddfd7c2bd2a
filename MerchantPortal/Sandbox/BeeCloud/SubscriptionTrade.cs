using System.Text.Json;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>What the gateway knows of a subscription, kept with its registration and with each of its charges. One invented customer.</summary>
/// <param name="IsCharge">False: the registration itself, which nobody can pay.</param>
internal sealed record SubscriptionTrade(string SubscriptionId, bool IsCharge, bool Declined)
{
    public const string PlanId = "plan-monthly";
    public const string BuyerId = "buyer-1001";
    public const string CardId = "card-5f0c2a";
    public const string BankName = "招商银行";
    public const string CardNo = "6225880137706688";
    public const string IdName = "张三";
    public const string IdNo = "110101199003070011";
    public const string Mobile = "13800138000";

    private const string Prefix = "subscription:";

    public string ToAttach() => Prefix + JsonSerializer.Serialize(this);

    /// <returns>Null for an ordinary trade.</returns>
    public static SubscriptionTrade? Of(SandboxTrade trade) =>
        trade.Merchant.Channel == SandboxChannels.BeeCloud && trade.Attach?.StartsWith(Prefix, StringComparison.Ordinal) == true
            ? JsonSerializer.Deserialize<SubscriptionTrade>(trade.Attach[Prefix.Length..])
            : null;
}
