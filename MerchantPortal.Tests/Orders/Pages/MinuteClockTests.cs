using MerchantPortal.Orders.Pages;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Orders.Pages;

public sealed class MinuteClockTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _ticks = [];

    [Fact]
    public void Every_follower_is_called_each_minute_until_it_leaves()
    {
        using var clock = new MinuteClock(_time);
        using var first = clock.Follow(() => _ticks.Add("first"));
        var second = clock.Follow(() => _ticks.Add("second"));

        _time.Advance(TimeSpan.FromMinutes(1));
        second.Dispose();
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["first", "second", "first", "first"], _ticks);
    }

    [Fact]
    public void Nobody_is_called_once_the_portal_has_ended()
    {
        var clock = new MinuteClock(_time);
        using var before = clock.Follow(() => _ticks.Add("before"));

        clock.Dispose();
        using var after = clock.Follow(() => _ticks.Add("after"));
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Empty(_ticks);
    }
}
