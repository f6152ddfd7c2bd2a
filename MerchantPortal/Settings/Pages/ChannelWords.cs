using System.Globalization;
using MerchantPortal.Payments.Channels;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

/// <summary>The words of a channel and its fields; a channel may have its own word for a field that others have too.</summary>
internal static class ChannelWords
{
    public static string Channel(this IStringLocalizer<SettingsText> text, string channel) => First(text, channel, $"Channel.{channel}");

    public static string ChannelLead(this IStringLocalizer<SettingsText> text, string channel) => First(text, "", $"ChannelLead.{channel}");

    public static string Field(this IStringLocalizer<SettingsText> text, string channel, string field) =>
        First(text, field, $"Field.{channel}.{field}", $"Field.{field}");

    /// <summary>The word for what a fingerprint belongs to: a field, or one key of a ring, named <c>field.serial</c>.</summary>
    public static string Fingerprint(this IStringLocalizer<SettingsText> text, string channel, string name) =>
        name.Split('.', 2) is [var ring, var serial] ? $"{text.Field(channel, ring)} {serial}" : text.Field(channel, name);

    /// <summary>Where the key came from and how long its certificate lasts, by UTC's calendar as gateways do; null for a bare key.</summary>
    public static string? Certificate(this IStringLocalizer<SettingsText> text, KeyPrint key) => key.NotAfter is { } end
        ? text[key.Downloaded ? "CertificateDownloaded" : "CertificateUntil", end.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)].Value
        : null;

    public static string FieldHelp(this IStringLocalizer<SettingsText> text, string channel, string field) =>
        First(text, "", $"Help.{channel}.{field}", $"Help.{field}");

    /// <summary>The word for one value of a choice; the value itself where it needs none.</summary>
    public static string Choice(this IStringLocalizer<SettingsText> text, string channel, string field, string value) =>
        First(text, value, $"Choice.{channel}.{field}.{value}", $"Choice.{field}.{value}");

    /// <summary>What an older protocol cannot protect; empty for the current ones.</summary>
    public static string ChannelLimits(this IStringLocalizer<SettingsText> text, string channel) => First(text, "", $"Limits.{channel}");

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
