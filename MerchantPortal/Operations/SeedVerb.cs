using System.Globalization;
using MerchantPortal.Data;
using MerchantPortal.Operations.Seeding;

namespace MerchantPortal.Operations;

/// <summary>Fills the configured database with a shop's believable past.</summary>
internal sealed class SeedVerb(MigratePortal migrate, SeedHistory seed, IConfiguration configuration, TimeProvider time) : IVerb
{
    private const int MaxOrders = 5_000_000;

    public string Name => "seed";

    public string Arguments => "--orders N [--seed S]";

    public string Summary => "Add N believable orders of the last 90 days; the same S makes the same orders.";

    public async Task<int> ExecuteAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        if (!TryRead("orders", null, out var orders) || orders is < 1 or > MaxOrders || !TryRead("seed", 1, out var seedNumber))
        {
            await Console.Error.WriteLineAsync($"Usage: seed {Arguments}   (N is 1 to {MaxOrders}, S a whole number)");
            return 2;
        }

        await migrate.ExecuteAsync(cancellationToken);
        var started = time.GetTimestamp();
        var result = await seed.ExecuteAsync(orders, seedNumber, new ErrorOutput(orders), cancellationToken);
        await Console.Error.WriteLineAsync();
        if (result is SeedHistoryResult.Refused refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 1;
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Added {orders} orders to store \"{((SeedHistoryResult.Seeded)result).StoreName}\" in {time.GetElapsedTime(started).TotalSeconds:0.0} s."));
        return 0;
    }

    private bool TryRead(string key, int? fallback, out int value)
    {
        var text = configuration[key];
        value = fallback ?? 0;
        return text is null ? fallback is not null : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private sealed class ErrorOutput(int total) : IProgress<int>
    {
        public void Report(int value) => Console.Error.Write($"\r{value} of {total} orders");
    }
}
