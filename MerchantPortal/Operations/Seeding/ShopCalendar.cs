namespace MerchantPortal.Operations.Seeding;

/// <summary>When a shop sells: lunch and evening peaks, fuller weekends, a slowly growing trade.</summary>
internal static class ShopCalendar
{
    public const int Days = 90;

    /// <summary>Weight of each hour of the day, store time.</summary>
    private static readonly int[] Hours = [1, 0, 0, 0, 0, 1, 3, 8, 14, 16, 20, 34, 46, 38, 26, 22, 22, 28, 42, 48, 40, 28, 14, 5];

    /// <summary>The last sale lies an hour back, so that every seeded order has come to its end.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromHours(1);

    /// <returns>Ascending instants, UTC, of whole milliseconds.</returns>
    public static DateTimeOffset[] Times(int count, string timeZone, DateTimeOffset now, SeededRandom random)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var end = now - Settled;
        var slots = Slots(zone, end).ToArray();
        var total = slots[^1].Sum;
        var times = new DateTimeOffset[count];
        for (var i = 0; i < count; i++)
        {
            var wanted = random.Share() * total;
            var slot = slots[FirstAtLeast(slots, wanted)];
            times[i] = slot.Start.AddMilliseconds(random.Between(0, 3_599_999));
            times[i] = times[i] > end ? end.AddMilliseconds(-random.Between(0, 3_599_999)) : times[i];
        }

        Array.Sort(times);
        return times;
    }

    /// <summary>One slot per hour, with the running sum of weights.</summary>
    private static IEnumerable<(DateTimeOffset Start, double Sum)> Slots(TimeZoneInfo zone, DateTimeOffset end)
    {
        var first = new DateTimeOffset(end.UtcDateTime.Date, TimeSpan.Zero).AddHours(end.Hour).AddDays(-Days);
        double sum = 0;
        for (var hour = 0; hour <= Days * 24; hour++)
        {
            var start = first.AddHours(hour);
            var local = TimeZoneInfo.ConvertTime(start, zone);
            var weekend = local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.35 : 1;
            sum += Hours[local.Hour] * weekend * (1 + (0.4 * hour / (Days * 24)));
            yield return (start, sum);
        }
    }

    private static int FirstAtLeast((DateTimeOffset Start, double Sum)[] slots, double wanted)
    {
        var (low, high) = (0, slots.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = slots[middle].Sum < wanted ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
