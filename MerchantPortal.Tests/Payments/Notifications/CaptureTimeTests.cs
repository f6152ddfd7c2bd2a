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
}
