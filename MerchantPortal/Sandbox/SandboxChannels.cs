namespace MerchantPortal.Sandbox;

/// <summary>The channels whose remote side the sandbox plays, by their public names.</summary>
internal static class SandboxChannels
{
    public const string WeChat = "wechat-v3";
    public const string Alipay = "alipay";
}
