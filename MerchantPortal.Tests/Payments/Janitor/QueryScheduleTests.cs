using MerchantPortal.Payments;
using MerchantPortal.Payments.Janitor;

namespace MerchantPortal.Tests.Payments.Janitor;

public sealed class QueryScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    [Fact]
    public void A_code_is_asked_about_soon_then_seldom_then_densely_around_its_end()
    {
        double[] expected = [5, 10, 20, 40, 60, 120, 300, 600, 1740, 1785, 1800, 1830, 1860, 1930, 1980, 2100, 2400, 3600, 9000];

        Assert.Equal(expected, SecondsOf(AttemptStatus.Prompted, HalfHour, QueryPace.Usual).Take(expected.Length));
    }

    [Fact]
    public void A_number_that_the_gateway_does_not_speak_about_is_asked_for_every_day()
    {
        var days = SecondsOf(AttemptStatus.Created, HalfHour, QueryPace.Usual).Skip(19).Take(5).Select(second => (second - 1800) / 86_400);

        Assert.Equal([1, 2, 3, 4, 5], days);
    }

    [Fact]
    public void An_order_that_can_be_paid_for_days_is_asked_about_every_two_hours()
    {
        var hours = SecondsOf(AttemptStatus.Prompted, TimeSpan.FromHours(9), QueryPace.Usual).SkipWhile(second => second < 7200).Take(5).Select(second => second / 3600);

        Assert.Equal([2, 4, 6, 8, 9 - (1 / 60d)], hours);
    }

    [Fact]
    public void A_closed_number_is_asked_about_on_three_days_and_then_no_more()
    {
        var closed = new AttemptLife(AttemptStatus.Closed, Start, Start + HalfHour, KnownAtGateway: true);

        Assert.Equal([1, 2, 3], Moments(closed, QueryPace.Usual).Select(moment => (moment - closed.ExpiresAt).TotalDays));
    }

    [Fact]
    public void A_number_that_was_closed_here_alone_goes_on_being_asked_about_until_its_last_moment()
    {
        var closed = new AttemptLife(AttemptStatus.Closed, Start, Start + HalfHour, KnownAtGateway: false);
        var open = closed with { Status = AttemptStatus.Prompted };

        Assert.Equal(Moments(open, QueryPace.Usual).TakeWhile(moment => moment <= open.ExpiresAt), Moments(closed, QueryPace.Usual).TakeWhile(moment => moment <= open.ExpiresAt));
    }

    [Theory]
    [InlineData(AttemptStatus.Paid)]
    [InlineData(AttemptStatus.Failed)]
    public void What_is_paid_or_refused_is_not_asked_about(AttemptStatus status) =>
        Assert.Null(QuerySchedule.Next(new AttemptLife(status, Start, Start + HalfHour, true), QueryPace.Closest, Start));

    [Fact]
    public void A_portal_that_was_off_asks_once_and_goes_on_where_the_plan_is() => Assert.Equal(
        Start + HalfHour - TimeSpan.FromMinutes(1),
        QuerySchedule.Next(new AttemptLife(AttemptStatus.Prompted, Start, Start + HalfHour, true), QueryPace.Usual, Start + TimeSpan.FromMinutes(25)));

    [Theory]
    [InlineData(0, 0, QueryPace.Usual)]
    [InlineData(1, 0, QueryPace.Usual)]
    [InlineData(1, 1, QueryPace.Closer)]
    [InlineData(30, 1, QueryPace.Usual)]
    [InlineData(20, 1, QueryPace.Closer)]
    [InlineData(20, 3, QueryPace.Closer)]
    [InlineData(20, 4, QueryPace.Closest)]
    [InlineData(2, 2, QueryPace.Closest)]
    public void The_more_callbacks_are_lost_the_closer_the_questions(int payments, int lost, QueryPace pace) =>
        Assert.Equal(pace, new CallbackLoss(payments, lost).Pace);

    /// <summary>Payments whose callback never comes, at any second of a code's life of half an hour.</summary>
    [Theory]
    [InlineData(QueryPace.Usual, 600)]
    [InlineData(QueryPace.Closer, 31)]
    [InlineData(QueryPace.Closest, 8)]
    public void Lost_payments_are_found_within_a_bounded_time_on_average(QueryPace pace, double seconds)
    {
        var asked = SecondsOf(AttemptStatus.Prompted, HalfHour, pace).TakeWhile(second => second <= 1830).ToList();

        var average = Enumerable.Range(0, 1800).Average(paid => asked.First(second => second >= paid) - paid);

        Assert.InRange(average, 1, seconds);
    }

    private static IEnumerable<double> SecondsOf(AttemptStatus status, TimeSpan life, QueryPace pace) =>
        Moments(new AttemptLife(status, Start, Start + life, KnownAtGateway: true), pace).Select(moment => (moment - Start).TotalSeconds);

    private static IEnumerable<DateTimeOffset> Moments(AttemptLife life, QueryPace pace)
    {
        for (var next = QuerySchedule.Next(life, pace, life.CreatedAt); next is { } moment; next = QuerySchedule.Next(life, pace, moment))
        {
            yield return moment;
        }
    }
}
