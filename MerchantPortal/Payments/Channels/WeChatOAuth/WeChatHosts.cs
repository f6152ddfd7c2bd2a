namespace MerchantPortal.Payments.Channels.WeChatOAuth;

/// <summary>Where WeChat tells an official account (公众号) who its visitor is. The same for every WeChat Pay protocol.</summary>
/// <param name="Open">Sends the browser on: the page that asks the visitor.</param>
/// <param name="Api">Exchanges the code for the visitor's openid.</param>
public sealed record WeChatHosts(Uri Open, Uri Api)
{
    /// <summary>Name of the section below <c>Gateways</c> whose <c>BaseUrl</c> moves <see cref="Open"/>.</summary>
    public const string OpenSection = "WeChatOpen";

    /// <inheritdoc cref="OpenSection"/>
    public const string ApiSection = "WeChatApi";

    public static WeChatHosts Official { get; } = new(new Uri("https://open.weixin.qq.com/"), new Uri("https://api.weixin.qq.com/"));
}
