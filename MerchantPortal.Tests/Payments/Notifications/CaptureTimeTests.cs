using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Notifications;

public sealed class CaptureTimeTests
{
    [Fact]
    public void Ids_of_one_moment_are_in_the_order_in_which_they_were_made()
    {
        var noon = new DateTimeOffset(2026, 6, 1, 4, 0, 0, TimeSpan.Zero);

        var ids = Enumerable.Range(0, 70_000).Select(_ => CaptureTime.NewId(noon)).ToList();

        Assert.Equal(ids.Select(id => id.ToString("N")), ids.Select(id => id.ToString("N")).Order(StringComparer.Ordinal));
        Assert.All(ids, id => Assert.Equal((7, true, true), (id.Version, id >= OrderId.Floor(noon), id < OrderId.Floor(noon.AddMilliseconds(1)))));
        Assert.All(ids, id => Assert.InRange(id.Variant, 8, 11));
    }

    [Fact]
    public void What_an_older_version_kept_some_seconds_after_it_came_is_found_by_when_it_came()
    {
        var noon = new DateTimeOffset(2026, 6, 1, 4, 0, 0, TimeSpan.Zero);
        var kept = new[] { -1, 0, 59, 60 }.Select(seconds => Capture(noon.AddSeconds(seconds), noon.AddSeconds(seconds + 5))).AsQueryable();

        var found = kept.ReceivedFrom(noon).ReceivedBefore(noon.AddSeconds(60)).Select(entry => entry.ReceivedAt).ToList();

        Assert.Equal([noon, noon.AddSeconds(59)], found);
        Assert.Equal(4, kept.ReceivedFrom(DateTimeOffset.MinValue).ReceivedBefore(DateTimeOffset.MaxValue).Count());
    }

    private static RejectedCapture Capture(DateTimeOffset receivedAt, DateTimeOffset keptAt) => new()
    {
        Id = Guid.CreateVersion7(keptAt),
        StoreId = Guid.Empty,
        ChannelAccountId = Guid.Empty,
        Channel = "",
        Method = "",
        Path = "",
        QueryString = "",
        HeadersJson = PackedText.Of("{}"),
        Body = [],
        BodyHash = [],
        RemoteAddress = "",
        ReceivedAt = receivedAt,
        Reason = "",
    };
}
