using System.Reflection;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Vectors;

/// <summary>No vector is left lying, and no channel comes without its own.</summary>
public sealed class VectorCoverageTests
{
    /// <summary>Channel → the protocol's name in the file, where they differ.</summary>
    private static readonly Dictionary<string, string> Protocols = new()
    {
        ["alipay"] = "alipay-openapi",
        ["wechat-app"] = "wechat-legacy-app",
    };

    [Fact]
    public void Every_vector_of_the_file_runs_in_exactly_one_test()
    {
        var run = typeof(VectorCoverageTests).Assembly.GetTypes().Where(type => type.Name.EndsWith("VectorTests", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods()).SelectMany(method => method.GetCustomAttributes<MemberDataAttribute>().SelectMany(data => data.GetData(method)))
            .Select(row => (string)row[0]).ToList();

        Assert.Equal(217, VectorFile.All.Count);
        Assert.Equal(VectorFile.All.Select(vector => vector.Id).Order(StringComparer.Ordinal), run.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_channel_has_vectors_that_it_must_take_and_vectors_that_it_must_refuse()
    {
        await using var portal = await PortalFactory.StartAsync();
        var channels = portal.Get<PaymentChannels>().Definitions.Select(definition => definition.Channel).ToList();

        Assert.NotEmpty(channels);
        Assert.DoesNotContain(channels, channel => !Has(channel, "notify") || !Has(channel, "notify-negative"));
    }

    private static bool Has(string channel, string kind) =>
        VectorFile.All.Any(vector => vector.Protocol == Protocols.GetValueOrDefault(channel, channel) && vector.Kind == kind);
}
