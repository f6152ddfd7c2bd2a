using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments;

public sealed class WitnessesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);

    /// <summary>Ours × callback × query, all 27.</summary>
    [Theory]
    [InlineData(OurWord.Open, "Silent Silent", WitnessVerdict.NobodySpoke)]
    [InlineData(OurWord.Open, "Silent NotPaid", WitnessVerdict.Agree)]
    [InlineData(OurWord.Open, "Silent Paid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Open, "NotPaid Silent", WitnessVerdict.Agree)]
    [InlineData(OurWord.Open, "NotPaid NotPaid", WitnessVerdict.Agree)]
    [InlineData(OurWord.Open, "NotPaid Paid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Open, "Paid Silent", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Open, "Paid NotPaid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Open, "Paid Paid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Closed, "Silent Silent", WitnessVerdict.NobodySpoke)]
    [InlineData(OurWord.Closed, "Silent NotPaid", WitnessVerdict.Agree)]
    [InlineData(OurWord.Closed, "Silent Paid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Closed, "NotPaid Silent", WitnessVerdict.Agree)]
    [InlineData(OurWord.Closed, "NotPaid NotPaid", WitnessVerdict.Agree)]
    [InlineData(OurWord.Closed, "NotPaid Paid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Closed, "Paid Silent", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Closed, "Paid NotPaid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Closed, "Paid Paid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Paid, "Silent Silent", WitnessVerdict.NobodySpoke)]
    [InlineData(OurWord.Paid, "Silent NotPaid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Paid, "Silent Paid", WitnessVerdict.Agree)]
    [InlineData(OurWord.Paid, "NotPaid Silent", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Paid, "NotPaid NotPaid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Paid, "NotPaid Paid", WitnessVerdict.Agree)]
    [InlineData(OurWord.Paid, "Paid Silent", WitnessVerdict.Agree)]
    [InlineData(OurWord.Paid, "Paid NotPaid", WitnessVerdict.Disagree)]
    [InlineData(OurWord.Paid, "Paid Paid", WitnessVerdict.Agree)]
    public void Every_combination_has_its_verdict(OurWord ours, string others, WitnessVerdict verdict)
    {
        var said = others.Split(' ').Select(Enum.Parse<Testimony>).ToList();

        Assert.Equal(verdict, new Witnesses(ours, said[0], said[1]).Verdict);
    }

    [Fact]
    public void An_answer_from_before_the_callback_does_not_contradict_it()
    {
        var attempt = Attempt(AttemptStatus.Paid);
        attempt.HearQuery(NotificationKind.PaymentPending, Noon);
        attempt.HearCallback(NotificationKind.PaymentSucceeded, Noon.AddSeconds(1));

        Assert.Equal((Testimony.Paid, Testimony.Silent, WitnessVerdict.Agree), Of(attempt));
    }

    [Fact]
    public void An_answer_that_was_on_its_way_when_the_callback_came_does_not_contradict_it()
    {
        var attempt = Attempt(AttemptStatus.Paid);
        attempt.HearCallback(NotificationKind.PaymentSucceeded, Noon);
        attempt.HearQuery(NotificationKind.PaymentPending, Noon.AddSeconds(10));

        Assert.Equal((Testimony.Paid, Testimony.Silent, WitnessVerdict.Agree), Of(attempt));
    }

    [Fact]
    public void An_answer_from_after_the_callback_contradicts_it()
    {
        var attempt = Attempt(AttemptStatus.Paid);
        attempt.HearCallback(NotificationKind.PaymentSucceeded, Noon);
        attempt.HearQuery(NotificationKind.PaymentPending, Noon.AddSeconds(11));

        Assert.Equal((Testimony.Paid, Testimony.NotPaid, WitnessVerdict.Disagree), Of(attempt));
    }

    [Fact]
    public void A_callback_that_was_overtaken_takes_nothing_back()
    {
        var attempt = Attempt(AttemptStatus.Paid);
        attempt.HearCallback(NotificationKind.PaymentSucceeded, Noon);
        attempt.HearCallback(NotificationKind.PaymentPending, Noon.AddSeconds(1));
        attempt.HearCallback(NotificationKind.Unrecognized, Noon.AddSeconds(2));

        Assert.Equal((NotificationKind.PaymentSucceeded, Noon), (attempt.CallbackSaid, attempt.CallbackAt));
    }

    private static (Testimony Callback, Testimony Query, WitnessVerdict Verdict) Of(PaymentAttempt attempt)
    {
        var witnesses = Witnesses.Of(attempt);
        return (witnesses.Callback, witnesses.Query, witnesses.Verdict);
    }

    private static PaymentAttempt Attempt(AttemptStatus status) => new()
    {
        StoreId = Guid.NewGuid(),
        OrderId = Guid.NewGuid(),
        ChannelAccountId = Guid.NewGuid(),
        Method = PaymentMethod.Native,
        OutTradeNo = "M1",
        Amount = 100,
        Status = status,
        CreatedAt = Noon,
        ExpiresAt = Noon.AddMinutes(30),
    };
}
