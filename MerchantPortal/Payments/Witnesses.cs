using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments;

/// <summary>What the three who can know say of one attempt: our books, the gateway's notification, the gateway's answer when asked.</summary>
public sealed record Witnesses(OurWord Ours, Testimony Callback, Testimony Query)
{
    /// <summary>A question that was on its way while the callback came may still be answered with how things stood before.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether they fit together. Silence contradicts nobody; what is booked needs a witness, and a witness of money needs to be booked.
    /// </summary>
    public WitnessVerdict Verdict => Ours switch
    {
        OurWord.Open => OfUnpaid(Callback, Query),
        OurWord.Closed => OfUnpaid(Callback, Query),
        OurWord.Paid => OfPaid(Callback, Query),
    };

    public static Witnesses Of(PaymentAttempt attempt)
    {
        var (callback, query) = (Means(attempt.CallbackSaid) ?? Testimony.Silent, Means(attempt.QuerySaid) ?? Testimony.Silent);
        // Who said "not paid" before the other one said "paid" was right at the time, and says nothing of now.
        return new Witnesses(
            OursOf(attempt.Status),
            callback == Testimony.NotPaid && query == Testimony.Paid && attempt.CallbackAt <= attempt.LastQueriedAt ? Testimony.Silent : callback,
            query == Testimony.NotPaid && callback == Testimony.Paid && attempt.LastQueriedAt <= attempt.CallbackAt + Overlap ? Testimony.Silent : query);
    }

    /// <returns>Null for null.</returns>
    public static Testimony? Means(NotificationKind? said) => said is { } kind ? Means(kind) : null;

    public static Testimony Means(NotificationKind said) => said switch
    {
        NotificationKind.PaymentSucceeded => Testimony.Paid,
        NotificationKind.RefundSucceeded => Testimony.Paid,
        NotificationKind.RefundAbnormal => Testimony.Paid,
        NotificationKind.RefundClosed => Testimony.Paid,
        NotificationKind.PaymentPending => Testimony.NotPaid,
        NotificationKind.PaymentClosed => Testimony.NotPaid,
        NotificationKind.Subscription => Testimony.Silent,
        NotificationKind.Unrelated => Testimony.Silent,
        NotificationKind.Unrecognized => Testimony.Silent,
    };

    private static WitnessVerdict OfUnpaid(Testimony callback, Testimony query) => callback switch
    {
        Testimony.Silent => query switch
        {
            Testimony.Silent => WitnessVerdict.NobodySpoke,
            Testimony.NotPaid => WitnessVerdict.Agree,
            Testimony.Paid => WitnessVerdict.Disagree,
        },
        Testimony.NotPaid => query switch
        {
            Testimony.Silent => WitnessVerdict.Agree,
            Testimony.NotPaid => WitnessVerdict.Agree,
            Testimony.Paid => WitnessVerdict.Disagree,
        },
        Testimony.Paid => query switch
        {
            Testimony.Silent => WitnessVerdict.Disagree,
            Testimony.NotPaid => WitnessVerdict.Disagree,
            Testimony.Paid => WitnessVerdict.Disagree,
        },
    };

    private static WitnessVerdict OfPaid(Testimony callback, Testimony query) => callback switch
    {
        Testimony.Silent => query switch
        {
            Testimony.Silent => WitnessVerdict.NobodySpoke,
            Testimony.NotPaid => WitnessVerdict.Disagree,
            Testimony.Paid => WitnessVerdict.Agree,
        },
        Testimony.NotPaid => query switch
        {
            Testimony.Silent => WitnessVerdict.Disagree,
            Testimony.NotPaid => WitnessVerdict.Disagree,
            // Asked, the gateway says how things stand; a notification says how they stood.
            Testimony.Paid => WitnessVerdict.Agree,
        },
        Testimony.Paid => query switch
        {
            Testimony.Silent => WitnessVerdict.Agree,
            Testimony.NotPaid => WitnessVerdict.Disagree,
            Testimony.Paid => WitnessVerdict.Agree,
        },
    };

    private static OurWord OursOf(AttemptStatus status) => status switch
    {
        AttemptStatus.Created => OurWord.Open,
        AttemptStatus.Prompted => OurWord.Open,
        AttemptStatus.Paid => OurWord.Paid,
        AttemptStatus.Closed => OurWord.Closed,
        AttemptStatus.Failed => OurWord.Closed,
    };
}

/// <summary>What our books say.</summary>
public enum OurWord
{
    Open,
    Paid,

    /// <summary>Ended unpaid.</summary>
    Closed,
}

public enum Testimony
{
    /// <summary>Said nothing, or nothing that is about paying.</summary>
    Silent,
    Paid,
    NotPaid,
}

public enum WitnessVerdict
{
    /// <summary>Nothing to compare with.</summary>
    NobodySpoke,
    Agree,
    Disagree,
}
