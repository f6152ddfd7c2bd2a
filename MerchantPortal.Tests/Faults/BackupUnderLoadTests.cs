using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>A backup is taken while money comes in, and becomes the shop's database elsewhere.</summary>
public sealed class BackupUnderLoadTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_taken_under_load_has_all_that_was_acknowledged_before_it_and_takes_the_rest_when_it_is_sent_again(bool onPostgres)
    {
        await using var shop = await FaultShop.OpenAsync(400, onPostgres ? await PostgresCluster.CreateDatabaseAsync() : null);
        var backup = shop.File + ".bak";
        int[] before;
        await using (var portal = await shop.StartAsync())
        {
            var load = shop.SendWaitingAsync(portal, atOnce: 2);
            while (shop.Acknowledged.Count < 50)
            {
                await Task.Yield();
            }

            before = [.. shop.Acknowledged];
            var made = await PortalProcess.RunAsync(shop.Settings, "backup", backup);
            Assert.True(made.ExitCode == 0, made.Output + made.Error);
            await load;
        }

        shop.Settings["ConnectionStrings__Portal"] = onPostgres ? await PostgresCluster.CreateDatabaseAsync() : $"Data Source={shop.File}";
        var restored = await PortalProcess.RunAsync(shop.Settings, "restore", backup, "--force");
        Assert.True(restored.ExitCode == 0, restored.Output + restored.Error);
        await using (var db = shop.Read())
        {
            var paid = await db.Attempts.Where(row => db.Payments.Any(payment => payment.AttemptId == row.Id)).Select(row => row.OutTradeNo).ToListAsync();
            Assert.Empty(before.Select(order => shop.Orders[order].OutTradeNo).Except(paid));
        }

        shop.ForgetAnswers();
        await using var again = await shop.StartAsync();
        await shop.SendWaitingAsync(again);
        await shop.AssertAllPaidAsync();
    }
}
