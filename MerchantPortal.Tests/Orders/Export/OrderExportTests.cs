using System.Text;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Orders.Export;

/// <summary>What a spreadsheet gets: everything that the filter shows, and nothing that it would run or round.</summary>
public sealed class OrderExportTests
{
    private const string Email = "owner@example.com";
    private const string Password = "a long enough password";

    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 4, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Formulas { get; } =
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\",\"y\")", "＝1+1", "＋1", "－1", "＠SUM(A1)", "-2+3+cmd|' /C calc'!A0",
    ];

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task It_holds_exactly_the_orders_of_the_filter_newest_first(DatabaseProvider provider)
    {
        await using var shop = await OpenAsync(provider);
        var paid = new List<Order>();
        for (var i = 0; i < 12; i++)
        {
            paid.Insert(0, await shop.AddAsync(Noon.AddMinutes(i), OrderStatus.Paid, amount: 1_234_500 + i));
            await shop.AddAsync(Noon.AddMinutes(i));
        }

        var lines = await ExportAsync(shop, "?tab=paid&from=2026-06-01&to=2026-06-01");

        Assert.Equal(paid.Select(order => order.Number), lines.Skip(1).Select(line => line[0]));
        Assert.Equal("12345.11", lines[1][7]);
        Assert.Equal("2026-06-01T12:11:00+08:00", lines[1][2]);
        Assert.Equal("已支付", lines[1][3]);
        Assert.Single(await ExportAsync(shop, "?tab=paid&to=2026-05-31"));
    }

    [Fact]
    public async Task More_orders_than_one_slice_come_all_and_once()
    {
        await using var shop = await OpenAsync();
        await shop.Portal.WriteAsync(db => db.Orders.AddRange(Enumerable.Range(0, 1_203).Select(i => shop.NewOrder(Noon.AddSeconds(i), $"M{i}"))));

        var lines = await ExportAsync(shop, "");

        Assert.Equal(Enumerable.Range(0, 1_203).Reverse().Select(i => $"M{i}"), lines.Skip(1).Select(line => line[5]));
    }

    [Fact]
    public async Task It_starts_with_the_byte_order_mark_and_speaks_the_readers_language()
    {
        await using var shop = await OpenAsync();

        var bytes = await ReadAsync(shop, "");

        Assert.Equal("\uFEFF订单号,"u8.ToArray(), bytes[..("\uFEFF订单号,"u8.Length)]);
    }

    [Fact]
    public async Task Numbers_of_an_order_stay_text()
    {
        await using var shop = await OpenAsync();
        var order = await shop.AddAsync(Noon, OrderStatus.Paid, merchantOrderNo: "0012345678901234567890", subject: "2026");
        await shop.AddAttemptAsync(order, "wechat-v3", AttemptStatus.Paid, "4200001234567890123456789012");

        var line = (await ExportAsync(shop, ""))[1];

        Assert.Equal("0012345678901234567890\t", line[1]);
        Assert.Equal("2026\t", line[5]);
        Assert.Equal("微信支付", line[10]);
        Assert.Equal("4200001234567890123456789012\t", line[12]);
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public async Task No_text_becomes_a_formula(string text)
    {
        await using var shop = await OpenAsync();
        var order = await shop.AddAsync(Noon, subject: text);
        await shop.Portal.Get<PortalWriter>().WriteAsync(
            (db, ct) => db.Orders.Where(row => row.Id == order.Id).ExecuteUpdateAsync(row => row.SetProperty(note => note.Note, text), ct), CancellationToken.None);

        var line = (await ExportAsync(shop, ""))[1];

        Assert.Equal("'" + text, line[5]);
        Assert.Equal("'" + text, line[6]);
    }

    [Fact]
    public async Task Quotes_separators_and_line_breaks_stay_inside_their_field()
    {
        await using var shop = await OpenAsync();
        await shop.AddAsync(Noon, subject: "茶, \"龙井\"\r\n=1+1;x");

        var line = (await ExportAsync(shop, ""))[1];

        Assert.Equal("茶, \"龙井\"\r\n=1+1;x", line[5]);
    }

    [Fact]
    public async Task Another_stores_orders_are_not_in_it_and_a_stranger_gets_none()
    {
        await using var shop = await OpenAsync();
        var other = new Store { Name = "别家", CreatedAt = Noon };
        await shop.Portal.WriteAsync(db => db.Stores.Add(other));
        await shop.Portal.WriteAsync(db => db.Orders.Add(shop.NewOrder(Noon, "别家的茶", other.Id)));
        using var stranger = new PortalClient(shop.Portal.Address);

        using var answer = await stranger.GetAsync("/orders/export.csv");

        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Single(await ExportAsync(shop, ""));
    }

    [Fact]
    public async Task The_list_offers_it_with_the_number_of_rows_and_the_filter()
    {
        await using var shop = await OpenAsync();
        await shop.AddAsync(Noon, OrderStatus.Paid);
        await shop.AddAsync(Noon, OrderStatus.Paid);
        await shop.AddAsync(Noon);
        using var client = await SignInAsync(shop);

        var page = await client.ReadAsync("/orders?tab=paid&q=1.00");
        var all = await client.ReadAsync("/orders");

        Assert.DoesNotContain("导出", page, StringComparison.Ordinal);
        Assert.Contains("导出 3 笔订单", all, StringComparison.Ordinal);
        Assert.Contains("href=\"/orders/export.csv\"", all.Replace(shop.Portal.Address.AbsoluteUri.TrimEnd('/'), "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<OrderShop> OpenAsync(DatabaseProvider provider = DatabaseProvider.Sqlite) => await OrderShop.OfOwnerAsync(
        await PortalFactory.StartAsync(provider, factory => factory
            .Set("Bootstrap:OwnerEmail", Email).Set("Bootstrap:OwnerPassword", Password).Set("Bootstrap:StoreName", "茶铺")));

    private static async Task<PortalClient> SignInAsync(OrderShop shop)
    {
        var client = new PortalClient(shop.Portal.Address);
        using var _ = await client.SignInAsync(Email, Password);
        return client;
    }

    private static async Task<byte[]> ReadAsync(OrderShop shop, string query)
    {
        using var client = await SignInAsync(shop);
        using var answer = await client.GetAsync($"/orders/export.csv{query}");
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static async Task<List<string[]>> ExportAsync(OrderShop shop, string query)
    {
        using var stream = new MemoryStream(await ReadAsync(shop, query));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Rfc4180.Read(await reader.ReadToEndAsync());
    }
}
