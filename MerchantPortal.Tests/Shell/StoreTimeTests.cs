using MerchantPortal.Shell;

namespace MerchantPortal.Tests.Shell;

public sealed class StoreTimeTests
{
    private static readonly DateTimeOffset JustBeforeFour = new(2026, 11, 20, 19, 59, 59, TimeSpan.Zero);

    [Fact]
    public void Before_the_cut_over_hour_it_is_still_yesterday()
    {
        var calendar = StoreTime.Of("Asia/Shanghai", 4);
        Assert.Equal(new DateOnly(2026, 11, 20), calendar.DayOf(JustBeforeFour));
        Assert.Equal(new DateOnly(2026, 11, 21), calendar.DayOf(JustBeforeFour.AddSeconds(1)));
    }

    [Fact]
    public void A_day_starts_where_the_day_before_ends()
    {
        var calendar = StoreTime.Of("Asia/Shanghai", 4);
        var start = calendar.StartOf(new DateOnly(2026, 11, 21));
        Assert.Equal(JustBeforeFour.AddSeconds(1), start);
        Assert.Equal(new DateOnly(2026, 11, 21), calendar.DayOf(start));
    }

    [Fact]
    public void A_start_that_the_clocks_skip_moves_to_the_first_time_there_is()
    {
        // New York, 8 March 2026: 02:00 does not exist.
        var calendar = StoreTime.Of("America/New_York", 2);
        Assert.Equal(new DateTimeOffset(2026, 3, 8, 7, 0, 0, TimeSpan.Zero), calendar.StartOf(new DateOnly(2026, 3, 8)));
    }

    [Fact]
    public void An_unknown_zone_counts_as_utc() => Assert.Equal(TimeZoneInfo.Utc, StoreTime.Of("Nowhere/At_All", 0).Zone);

    [Fact]
    public void The_full_form_names_the_offset() =>
        Assert.Equal("2026-11-21 03:59:59 (UTC+08:00)", StoreTime.Of("Asia/Shanghai", 0).Full(JustBeforeFour));
}
