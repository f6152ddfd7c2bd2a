using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>A trade at the gateway: what a merchant asked to collect. Amounts are 分.</summary>
public sealed class SandboxTrade
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid MerchantId { get; init; }

    public required SandboxMerchant Merchant { get; init; }

    public required string OutTradeNo { get; init; }

    /// <summary>Names the trade in the wallet's address; unguessable.</summary>
    public required string Code { get; init; }

    /// <summary>transaction_id, or trade_no, of the first payment; given with the trade, as Alipay does.</summary>
    public required string TransactionId { get; init; }

    public required TradeProduct Product { get; init; }

    public required string Subject { get; init; }

    public required long Amount { get; init; }

    public required string NotifyUrl { get; init; }

    /// <summary>Where the browser goes after payment; null when the product has no such address.</summary>
    public string? ReturnUrl { get; set; }

    /// <summary>The merchant's own text (<c>attach</c>, <c>passback_params</c>), handed back as it came; null when none was given.</summary>
    public string? Attach { get; init; }

    /// <summary>The algorithm under which the merchant placed the order, where each call names one (WeChat Pay v2); else null.</summary>
    public string? SignType { get; init; }

    /// <summary>The bank that the payer chose at the shop, by the gateway's code; null when none was.</summary>
    public string? Bank { get; set; }

    /// <summary>True for a WeChat Pay merchant who does not use its public key yet: messages are signed by the platform certificate only.</summary>
    public bool CertificateOnly { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last moment to pay; null when the merchant set none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the gateway came to know the trade. At Alipay that is when the buyer arrives; null until then.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public TradeState State { get; set; }

    /// <summary>Strikes this trade's next payment; null when none is armed.</summary>
    public Fault? ArmedFault { get; set; }

    public List<SandboxPayment> Payments { get; init; } = [];

    public List<SandboxRefund> Refunds { get; init; } = [];

    public List<SandboxDelivery> Deliveries { get; init; } = [];

    /// <summary>What the merchant reported of the goods; empty where the interface has no such report.</summary>
    public List<SandboxDeliveryReport> DeliveryReports { get; init; } = [];

    /// <summary>分 that have gone back or still may.</summary>
    public long GivenBack => Refunds.Where(refund => refund.EndsAs != SandboxRefundEnd.Closed).Sum(refund => refund.Amount);

    public bool HasExpired(DateTimeOffset now) => ExpiresAt <= now;
}

public enum TradeState
{
    Waiting,
    Paid,
    Closed,
}

/// <summary>How the payer is led here.</summary>
public enum TradeProduct
{
    Native,
    H5,
    Jsapi,
    App,
    Page,
    Wap,
    Precreate,
    Button,
}

/// <summary>Money that a buyer paid for a trade.</summary>
public sealed class SandboxPayment
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid TradeId { get; init; }

    /// <summary>transaction_id, or trade_no.</summary>
    public required string TransactionId { get; init; }

    /// <summary>分.</summary>
    public required long Amount { get; init; }

    public required DateTimeOffset PaidAt { get; init; }
}
