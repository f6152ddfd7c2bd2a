using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

/// <summary>The words of a channel and its fields; a channel may have its own word for a field that others have too.</summary>
internal static class ChannelWords
{
    public static string Channel(this IStringLocalizer<SettingsText> text, string channel) => First(text, channel, $"Channel.{channel}");

    public static string ChannelLead(this IStringLocalizer<SettingsText> text, string channel) => First(text, "", $"ChannelLead.{channel}");

    public static string Field(this IStringLocalizer<SettingsText> text, string channel, string field) =>
        First(text, field, $"Field.{channel}.{field}", $"Field.{field}");

    public static string FieldHelp(this IStringLocalizer<SettingsText> text, string channel, string field) =>
        First(text, "", $"Help.{channel}.{field}", $"Help.{field}");

    /// <summary>Colour of the mark: green is WeChat's, blue Alipay's.</summary>
    public static string MarkClass(string channel) =>
        channel.StartsWith("wechat", StringComparison.Ordinal) ? "channel-wechat"
        : channel.StartsWith("alipay", StringComparison.Ordinal) ? "channel-alipay"
        : "";

    private static string First(IStringLocalizer<SettingsText> text, string otherwise, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (text[name] is { ResourceNotFound: false } found)
            {
                return found;
            }
        }

        return otherwise;
    }
}
