using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Simulation;

/// <param name="TellsSums">Of a refund it tells how much has been given back so far, as Alipay does; else the refund's own amount, as WeChat does.</param>
/// <param name="KnowsConsole">Asked by its number it tells of a refund that was made in its console, too.</param>
/// <param name="FailsPercent">How often an answer does not come, or the request is lost.</param>
/// <param name="LagsPercent">How often an answer is of the moment before.</param>
internal sealed record GatewayManner(bool TellsSums, bool KnowsConsole, int FailsPercent, int LagsPercent);

internal sealed class SimulatedTrade(string outTradeNo, long amount)
{
    public string OutTradeNo => outTradeNo;

    public long Amount => amount;

    /// <summary>Nobody can pay it any more.</summary>
    public bool IsClosed { get; set; }

    public List<SimulatedTransaction> Transactions { get; } = [];
}

internal sealed record SimulatedTransaction(string Id, SimulatedTrade Trade, DateTimeOffset At);

internal sealed class SimulatedRefund(string no, string transactionId, long amount)
{
    public string No => no;

    public string TransactionId => transactionId;

    public long Amount => amount;

    /// <summary>False for one that was made in the gateway's console.</summary>
    public required bool IsOurs { get; init; }

    public SimulatedRefundState State { get; set; }
}

internal enum SimulatedRefundState
{
    Processing,
    Succeeded,
    Abnormal,
    Closed,
}

internal sealed class SimulatedMessage(VerifiedNotification fact)
{
    public VerifiedNotification Fact => fact;

    /// <summary>None of its repeats ever arrives; asking tells the same.</summary>
    public bool IsLost { get; set; }

    public bool IsAnswered { get; set; }

    /// <summary>Set for one that is signed well and cannot be true.</summary>
    public bool IsContradiction { get; init; }
}
