namespace MerchantPortal.Shell;

/// <summary>The colour by which a channel is known everywhere: green is WeChat's, blue Alipay's.</summary>
internal static class ChannelColour
{
    /// <param name="channel">Public name, e.g. <c>wechat-v3</c>.</param>
    /// <returns>A class; null for a channel without a colour of its own.</returns>
    public static string? ClassOf(string channel) =>
        channel.StartsWith("wechat", StringComparison.Ordinal) ? "channel-wechat"
        : channel.StartsWith("alipay", StringComparison.Ordinal) ? "channel-alipay"
        : null;
}
