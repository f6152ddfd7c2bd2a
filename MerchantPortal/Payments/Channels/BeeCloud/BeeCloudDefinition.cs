using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>
/// BeeCloud, an aggregator in front of WeChat Pay and Alipay, REST version 2. Its documentation has not changed since 2018 and its
/// signatures cover a few fields only; the channel makes up for that where it can.
/// </summary>
internal sealed partial class BeeCloudDefinition(IConfiguration configuration) : IChannelDefinition
{
    public const string Name = "beecloud";
    public const string AppId = "app_id";
    public const string AppSecret = "app_secret";
    public const string MasterSecret = "master_secret";
    public const string ConfirmByQuery = "confirm_by_query";
    public const string InstantChannel = "instant_channel";
    public const string Yes = "yes";
    public const string No = "no";

    /// <summary>The payer chooses in the Button's own menu.</summary>
    public const string Menu = "menu";

    public string Channel => Name;

    public string SettingsSection => "BeeCloud";

    public Uri OfficialBaseUrl { get; } = new("https://api.beecloud.cn/");

    public bool IsLegacy => true;

    public IReadOnlyList<PaymentMethod> Methods { get; } = [PaymentMethod.Native, PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.Button];

    /// <summary>The Button's script, and the cashiers to which bills lead.</summary>
    public IReadOnlyList<Uri> BuyerPages =>
        [BeeCloudSettings.Read(configuration).ButtonScriptUrl, new("https://openapi.alipay.com"), new("https://mapi.alipay.com")];

    public bool CanClose => false;

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new(AppId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(AppSecret, ChannelFieldKind.Text, IsSecret: true, IsRequired: true),
        new(MasterSecret, ChannelFieldKind.Text, IsSecret: true, IsRequired: true),
        new(ConfirmByQuery, ChannelFieldKind.Choice, IsSecret: false, IsRequired: false) { Choices = [Yes, No] },
        new(InstantChannel, ChannelFieldKind.Choice, IsSecret: false, IsRequired: false) { Choices = [Menu, "ali", "wxmp", "un"] },
    ];

    public IReadOnlyList<string> EvidenceHeaders { get; } = ["Content-Type", "Content-Encoding", "User-Agent"];

    public ChannelFormResult Read(JsonObject form)
    {
        var reader = new ChannelFormReader(form);
        var appId = ReadIdentifier(reader, AppId, "App ID");
        var appSecret = ReadIdentifier(reader, AppSecret, "App Secret");
        var masterSecret = ReadIdentifier(reader, MasterSecret, "Master Secret");
        foreach (var field in Fields.Where(field => field.Kind == ChannelFieldKind.Choice))
        {
            ReadChoice(reader, field);
        }

        if (!reader.HasFaults && masterSecret == appSecret)
        {
            // BeeCloud's own Java demo does so; whoever copies it can verify nothing.
            reader.Refuse(MasterSecret, "This is the App Secret once more. Paste the Master Secret, which signs webhooks and refunds.");
        }

        return reader.Finish(merchantId: appId, appId);
    }

    public IPaymentChannel Open(ChannelSettings settings) => new BeeCloudChannel(settings, BeeCloudSettings.Read(configuration));

    private static string ReadIdentifier(ChannelFormReader reader, string name, string words)
    {
        var error = reader.IsFilled(name)
            ? $"The {words} has 16–64 letters, digits and hyphens and nothing else."
            : $"Paste the {words} from BeeCloud's console, under the app's settings.";
        return name == AppId ? reader.Read(name, Identifier(), error) : reader.ReadSecret(name, Identifier(), error);
    }

    private static void ReadChoice(ChannelFormReader reader, ChannelField field)
    {
        var text = reader.Text(field.Name);
        reader.Keep(field.Name, text.Length > 0 ? text : field.Choices[0]);
        if (text.Length > 0 && !field.Choices.Contains(text))
        {
            reader.Refuse(field.Name, $"Choose one of {string.Join(", ", field.Choices)}.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9-]{16,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
