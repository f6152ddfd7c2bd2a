using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Orders;

public sealed class SaveOrderNoteTests
{
    [Fact]
    public async Task A_note_is_kept_and_told_in_the_timeline()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(DateTimeOffset.UnixEpoch);

        Assert.IsType<SaveOrderNoteResult.Saved>(await SaveAsync(shop, order, null, "  少糖 "));

        Assert.Equal("少糖", (await shop.Portal.ReadAsync(db => db.Orders.SingleAsync())).Note);
        var entry = await shop.Portal.ReadAsync(db => db.Timeline.SingleAsync());
        Assert.Equal((TimelineKind.NoteChanged, "小李"), (entry.Kind, entry.ActorName));
    }

    [Fact]
    public async Task The_second_of_two_writers_is_shown_what_the_first_wrote()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(DateTimeOffset.UnixEpoch);
        await SaveAsync(shop, order, null, "少糖");

        var second = Assert.IsType<SaveOrderNoteResult.ChangedMeanwhile>(await SaveAsync(shop, order, null, "多冰"));

        Assert.Equal("少糖", second.Current);
        Assert.Equal("少糖", (await shop.Portal.ReadAsync(db => db.Orders.SingleAsync())).Note);
    }

    [Theory]
    [InlineData("a\u202Eb")]
    [InlineData("a\0b")]
    public async Task A_note_with_control_characters_is_refused(string note)
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(DateTimeOffset.UnixEpoch);

        Assert.IsType<SaveOrderNoteResult.Invalid>(await SaveAsync(shop, order, null, note));
        Assert.IsType<SaveOrderNoteResult.Invalid>(await SaveAsync(shop, order, null, new string('x', SaveOrderNote.MaxLength + 1)));
    }

    private static Task<SaveOrderNoteResult> SaveAsync(OrderShop shop, Order order, string? before, string note) =>
        shop.Portal.Get<SaveOrderNote>().ExecuteAsync(order.Id, before, note, shop.Actor, CancellationToken.None);
}
