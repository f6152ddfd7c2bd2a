using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Data;

public sealed class IdBytesTests
{
    [Fact]
    public void Ids_of_version_7_sort_by_time_as_bytes_and_come_back_as_they_were()
    {
        var ids = Enumerable.Range(0, 600).Select(i => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(i * 9_999_999L))).ToList();

        var sorted = ids.ConvertAll(IdBytes.Of).OrderBy(Convert.ToHexString, StringComparer.Ordinal).Select(IdBytes.Read);

        Assert.Equal(ids, sorted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(36)]
    public void What_has_another_length_is_no_id(int length) => Assert.Throws<InvalidDataException>(() => IdBytes.Read(new byte[length]));

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_id_in_SQL_that_is_written_by_hand_finds_its_row(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));

        var touched = await portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                var written = await db.Database.ExecuteSqlAsync($"""UPDATE "Stores" SET "Name" = '一' WHERE "Id" = {store.Id}""", ct);
                await new StatementBatch(db).Add($"""UPDATE "Stores" SET "Name" = '二' WHERE "Id" = {store.Id}""").RunAsync(ct);
                return written;
            },
            CancellationToken.None);

        Assert.Equal(1, touched);
        Assert.Equal("二", (await portal.ReadAsync(db => db.Stores.SingleAsync())).Name);
    }

    [Fact]
    public void What_copies_a_table_makes_bytes_of_its_ids_and_of_nothing_else()
    {
        const string Copy = "INSERT INTO \"ef_temp_Orders\" (\"Id\", \"Number\", \"StoreId\")\nSELECT \"Id\", \"Number\", IFNULL(\"StoreId\", X'00')\nFROM \"Orders\";";
        HashSet<(string, string)> ids = [("Orders", "Id"), ("Orders", "StoreId"), ("Inbox", "Number")];

        Assert.Equal(
            "INSERT INTO \"ef_temp_Orders\" (\"Id\", \"Number\", \"StoreId\")\nSELECT id_of_text(\"Id\", 'Orders.Id'), \"Number\", IFNULL(id_of_text(\"StoreId\", 'Orders.StoreId'), X'00')\nFROM \"Orders\";",
            IdOfText.Converting(Copy, ids));
        Assert.Equal("INSERT INTO \"Orders\" (\"Id\") SELECT \"Id\" FROM \"Inbox\";", IdOfText.Converting("INSERT INTO \"Orders\" (\"Id\") SELECT \"Id\" FROM \"Inbox\";", ids));
    }

    [Theory]
    [InlineData("01A2013D89FB7078AF3F90CD06D09843")]
    [InlineData("")]
    [InlineData("01A2013D-89FB-7078-AF3F-90CD06D0984")]
    public void What_is_no_id_is_told_with_its_place(string text)
    {
        var fault = Assert.Throws<FormatException>(() => IdOfText.Convert(text, "Orders.Id"));

        Assert.StartsWith($"Orders.Id holds '{text}'", fault.Message, StringComparison.Ordinal);
        Assert.Null(IdOfText.Convert(null, "Orders.Id"));
    }
}
