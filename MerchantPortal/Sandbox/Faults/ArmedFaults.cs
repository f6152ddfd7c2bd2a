using MerchantPortal.Sandbox.Bills;

namespace MerchantPortal.Sandbox.Faults;

/// <summary>Faults that wait for something to happen. Forgotten at a restart.</summary>
public sealed class ArmedFaults
{
    private Fault? _nextPayment;
    private AnswerFault _nextAnswer;
    private volatile ScriptFault _nextScript;
    private RefundFault _nextRefund;
    private volatile BillFault _nextBill;

    /// <summary>Strikes the next payment of any trade; null when none is armed.</summary>
    public Fault? NextPayment
    {
        get => Volatile.Read(ref _nextPayment);
        set => Volatile.Write(ref _nextPayment, value is { Kind: FaultKind.None } ? null : value);
    }

    /// <summary>Strikes the next answer to a call of the portal, once. For proving that the portal checks answers too.</summary>
    public AnswerFault NextAnswer
    {
        set => Interlocked.Exchange(ref _nextAnswer, value);
    }

    /// <summary>Strikes the next fetch of a payment button's script, once.</summary>
    public ScriptFault NextScript
    {
        get => _nextScript;
        set => Interlocked.Exchange(ref _nextScript, value);
    }

    /// <summary>Strikes the next bill that a merchant asks for, once.</summary>
    public BillFault NextBill
    {
        get => _nextBill;
        set => Interlocked.Exchange(ref _nextBill, value);
    }

    public BillFault TakeNextBill() => Interlocked.Exchange(ref _nextBill, BillFault.None);

    /// <summary>Strikes the next refund that a merchant asks for by a call, once.</summary>
    public RefundFault NextRefund
    {
        get => _nextRefund;
        set => Interlocked.Exchange(ref _nextRefund, value);
    }

    public RefundFault TakeNextRefund() => Interlocked.Exchange(ref _nextRefund, RefundFault.None);

    public ScriptFault TakeNextScript() => Interlocked.Exchange(ref _nextScript, ScriptFault.None);

    public Fault? TakeNextPayment() => Interlocked.Exchange(ref _nextPayment, null);

    public AnswerFault TakeNextAnswer() => Interlocked.Exchange(ref _nextAnswer, AnswerFault.None);
}

public enum ScriptFault
{
    None,

    /// <summary>The script comes after four seconds.</summary>
    Late,

    /// <summary>The script does not come at all.</summary>
    Never,
}

public enum AnswerFault
{
    None,
    NoSignature,
    WrongKey,
}

public enum RefundFault
{
    None,

    /// <summary>The gateway makes the refund and does not answer, for ten seconds.</summary>
    TimeOut,

    /// <summary>The gateway says no.</summary>
    Refuse,

    /// <summary>The merchant's balance is too small.</summary>
    NotEnough,

    /// <summary>The gateway works on it for half a minute.</summary>
    Slow,

    /// <summary>The buyer's card is dead (WeChat Pay).</summary>
    Abnormal,

    /// <summary>The gateway ends it without moving money (WeChat Pay, BeeCloud).</summary>
    Closed,

    /// <summary>No notification is sent.</summary>
    Lose,
}
