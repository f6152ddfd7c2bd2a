using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Settings.Pages;

/// <summary>What the page of one channel account reads and does.</summary>
public sealed record ChannelAccountSources(
    PaymentChannels Channels, ChannelAccountQueries Queries, SaveChannelAccount Save, DisableChannelAccount Disable, CheckChannelAccount Check,
    IEnumerable<ITestMerchants> TestMerchants);
