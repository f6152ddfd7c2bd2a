using MerchantPortal.Overview;

namespace MerchantPortal.Tests.Overview;

public sealed class TrendShapeTests
{
    [Fact]
    public void Nothing_sold_is_a_line_along_the_bottom()
    {
        var shape = TrendShape.Of([0, 0, 0]);
        Assert.Equal("0,1000 650,1000 1300,1000", shape.Line);
        Assert.Equal(200, shape.Top);
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(200, 200)]
    [InlineData(201, 400)]
    [InlineData(401, 1_000)]
    [InlineData(128_400, 200_000)]
    [InlineData(10_000_000_000, 10_000_000_000)]
    public void The_upper_edge_is_a_round_number_of_yuan(long fen, long top) => Assert.Equal(top, TrendShape.Of([0, fen]).Top);

    [Fact]
    public void The_area_closes_along_the_bottom() => Assert.Equal("0,1000 0,500 1300,0 1300,1000", TrendShape.Of([100, 200]).Area);
}
