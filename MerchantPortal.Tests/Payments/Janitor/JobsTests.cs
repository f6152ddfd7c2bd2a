using MerchantPortal.Payments.Janitor;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MerchantPortal.Tests.Payments.Janitor;

public sealed class JobsTests
{
    /// <summary>The other tests start the rounds of these jobs themselves, so that nothing else would notice if nobody did.</summary>
    [Fact]
    public async Task A_running_portal_asks_gateways_and_fetches_bills_by_itself()
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithJobs());

        var jobs = portal.Services.GetServices<IHostedService>().ToList();

        Assert.Contains(jobs, job => job is PaymentJanitor);
        Assert.Contains(jobs, job => job is FetchBills);
    }
}
