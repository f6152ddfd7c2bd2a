using System.Globalization;
using System.Text.Json;

namespace MerchantPortal.Sandbox.Faults;

/// <summary>What goes wrong with a payment's notifications. The truth at the gateway (what a query answers) is never touched.</summary>
/// <param name="Number">Seconds for <see cref="FaultKind.Delay"/>, copies for <see cref="FaultKind.Duplicate"/>, else 0.</param>
public sealed record Fault(FaultKind Kind, int Number = 0)
{
    public static readonly Fault None = new(FaultKind.None);

    /// <summary>What can go wrong with a message of a subscription (BeeCloud).</summary>
    public static readonly IReadOnlyList<FaultKind> ForSubscriptions =
    [
        FaultKind.Declined, FaultKind.Lose, FaultKind.Delay, FaultKind.Duplicate, FaultKind.Tamper, FaultKind.WrongAmount, FaultKind.WrongKey,
        FaultKind.OldTimestamp, FaultKind.ReplayedTimestamp,
    ];

    private const int DefaultDelaySeconds = 10;
    private const int DefaultCopies = 3;
    private const int MaxDelaySeconds = 3600;
    private const int MaxCopies = 50;

    /// <summary>The text form: <c>lose</c>, <c>delay:30</c>, <c>duplicate:5</c>.</summary>
    public string Text => Number > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{Number}") : Name;

    /// <summary>The text form without the number.</summary>
    public string Name => JsonNamingPolicy.SnakeCaseLower.ConvertName(Kind.ToString());

    /// <returns>Null when the text names no fault or the number is out of range.</returns>
    public static Fault? Parse(string text)
    {
        var parts = text.Split(':', 2);
        var kind = Enum.GetValues<FaultKind>().Cast<FaultKind?>().FirstOrDefault(value => new Fault(value ?? default).Name == parts[0]);
        var (fallback, max) = kind switch
        {
            FaultKind.Delay => (DefaultDelaySeconds, MaxDelaySeconds),
            FaultKind.Duplicate => (DefaultCopies, MaxCopies),
            _ => (0, 0),
        };
        var number = fallback;
        var readable = parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return kind is { } known && readable && number <= max && (max == 0 || number > 0) ? new Fault(known, number) : null;
    }

    /// <summary>False for a fault that the channel's protocol has no place for.</summary>
    public bool AppliesTo(string channel) => Kind switch
    {
        FaultKind.UnknownSerial or FaultKind.OldTimestamp => channel == SandboxChannels.WeChat,
        FaultKind.Gbk => channel is SandboxChannels.Alipay or SandboxChannels.AlipayMapi,
        FaultKind.Declined or FaultKind.ReplayedTimestamp => false,
        FaultKind.ClosedFirst => SandboxChannels.TellsOfClosing(channel),
        _ => true,
    };
}

public enum FaultKind
{
    None,

    /// <summary>No notification is sent.</summary>
    Lose,

    /// <summary>Sent some seconds later.</summary>
    Delay,

    /// <summary>Several copies at the same moment.</summary>
    Duplicate,

    /// <summary>Sent only after another trade's notification, or after a minute.</summary>
    Reorder,

    /// <summary>“Trade closed” is sent before “paid” (Alipay).</summary>
    ClosedFirst,

    /// <summary>One byte is changed after signing.</summary>
    Tamper,

    /// <summary>Another amount, properly signed.</summary>
    WrongAmount,

    /// <summary>Signed with a stranger's key under the right name.</summary>
    WrongKey,

    /// <summary>The right signature under a serial that nobody knows (WeChat Pay).</summary>
    UnknownSerial,

    /// <summary>Properly signed ten minutes ago (WeChat Pay).</summary>
    OldTimestamp,

    /// <summary>The payment goes through although the trade has expired or was closed.</summary>
    PayAfterExpiry,

    /// <summary>Two transactions for one trade.</summary>
    PayTwice,

    /// <summary>The bank declines the charge of a subscription; this one is the truth, not the message's fault (BeeCloud).</summary>
    Declined,

    /// <summary>Signed with the timestamp of the subscription's message before (BeeCloud).</summary>
    ReplayedTimestamp,

    /// <summary>Written and signed in GBK instead of UTF-8, which is no fault at all (Alipay).</summary>
    Gbk,
}
