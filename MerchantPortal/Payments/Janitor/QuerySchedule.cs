namespace MerchantPortal.Payments.Janitor;

/// <summary>
/// When the portal asks a gateway about an attempt by itself: soon after prompting, ever more seldom, densely around the end of the
/// code's life, once after closing, then on three days. Pure: the next moment follows from the attempt and the clock alone, so that a
/// portal that was off goes on where the plan is now.
/// </summary>
public static class QuerySchedule
{
    /// <summary>Who types the password when the code ends may still finish; after that the number is closed at the gateway.</summary>
    public static readonly TimeSpan CloseAfter = TimeSpan.FromSeconds(30);

    /// <summary>From closing to the question whether something had been on its way.</summary>
    public static readonly TimeSpan AfterClose = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] AfterPrompt =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
    ];

    /// <summary>From the code's last moment. Those after it are for a gateway that could not be asked, or that can only expire.</summary>
    private static readonly TimeSpan[] AroundEnd =
    [
        TimeSpan.FromMinutes(-1), TimeSpan.FromSeconds(-15), TimeSpan.Zero, CloseAfter, TimeSpan.FromMinutes(1), new(0, 2, 10), TimeSpan.FromMinutes(3),
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
    ];

    /// <summary>An order that can be paid for days is asked about this often once it is older than the last moment after prompting.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromHours(2);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private const int DaysAfterEnd = 3;

    /// <summary>The first moment, planned with the attempt itself: what crashes before the gateway answers is asked about, too.</summary>
    public static DateTimeOffset First(DateTimeOffset createdAt) => createdAt + AfterPrompt[0];

    /// <summary>The moment after this one.</summary>
    /// <returns>Null when there is nothing more to learn.</returns>
    public static DateTimeOffset? Next(AttemptLife life, QueryPace pace, DateTimeOffset now) => life.Status switch
    {
        AttemptStatus.Created => NextOfOpen(life, pace, now),
        AttemptStatus.Prompted => NextOfOpen(life, pace, now),
        // Closed here alone, because the gateway did not know the number: until its last moment somebody may still bring it there.
        AttemptStatus.Closed when !life.KnownAtGateway && now < life.ExpiresAt => NextOfOpen(life, pace, now),
        AttemptStatus.Closed => NextDay(life, now),
        AttemptStatus.Paid => null,
        AttemptStatus.Failed => null,
    };

    private static DateTimeOffset NextOfOpen(AttemptLife life, QueryPace pace, DateTimeOffset now)
    {
        var moments = AfterPrompt.Select(delay => life.CreatedAt + delay)
            .Append(OnGrid(life.CreatedAt, Long, now))
            .Concat(StepOf(pace) is { } step ? [OnGrid(life.CreatedAt, step, now)] : [])
            .Where(moment => moment < life.ExpiresAt)
            .Concat(AroundEnd.Select(distance => life.ExpiresAt + distance))
            // Never closed on a guess: while the gateway has not said, it is asked.
            .Append(OnGrid(life.ExpiresAt, Day, now));
        return moments.Where(moment => moment > now).Min();
    }

    private static DateTimeOffset? NextDay(AttemptLife life, DateTimeOffset now)
    {
        var next = OnGrid(life.ExpiresAt, Day, now);
        return next <= life.ExpiresAt + (DaysAfterEnd * Day) ? next : null;
    }

    /// <summary>The first whole step after <paramref name="start"/> that lies after <paramref name="now"/>.</summary>
    private static DateTimeOffset OnGrid(DateTimeOffset start, TimeSpan step, DateTimeOffset now) =>
        start + (step * (now < start ? 1 : ((now - start).Ticks / step.Ticks) + 1));

    private static TimeSpan? StepOf(QueryPace pace) => pace switch
    {
        QueryPace.Usual => null,
        QueryPace.Closer => TimeSpan.FromMinutes(1),
        QueryPace.Closest => TimeSpan.FromSeconds(15),
    };
}

/// <summary>What the schedule knows of an attempt.</summary>
/// <param name="KnownAtGateway">The gateway has ever told of the number.</param>
public sealed record AttemptLife(AttemptStatus Status, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool KnownAtGateway)
{
    public static AttemptLife Of(PaymentAttempt attempt) =>
        new(attempt.Status, attempt.CreatedAt, attempt.ExpiresAt, attempt.QuerySaid is not null || attempt.CallbackSaid is not null);
}
