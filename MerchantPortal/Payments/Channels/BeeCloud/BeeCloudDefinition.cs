using System.Text;
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
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        var read = new JsonObject();
        foreach (var field in Fields)
        {
            if (Text(form, field.Name) is var text && Fault(field, text) is { } fault)
            {
                errors[field.Name] = fault;
            }
            else
            {
                read[field.Name] = text is { Length: > 0 } ? text : field.Choices[0];
            }
        }

        if (errors.Count == 0 && (string?)read[AppSecret] == (string?)read[MasterSecret])
        {
            // BeeCloud's own Java demo does so; whoever copies it can verify nothing.
            errors[MasterSecret] = "This is the App Secret once more. Paste the Master Secret, which signs webhooks and refunds.";
        }

        return errors.Count > 0 ? new ChannelFormResult.Invalid(errors) : Valid(read);
    }

    public IPaymentChannel Open(ChannelSettings settings) => new BeeCloudChannel(settings, BeeCloudSettings.Read(configuration));

    private static ChannelFormResult.Valid Valid(JsonObject read)
    {
        var appId = (string?)read[AppId] ?? "";
        return new(read, MerchantId: appId, appId, new[] { AppSecret, MasterSecret }
            .ToDictionary(name => name, name => Mask.Fingerprint(Encoding.UTF8.GetBytes((string?)read[name] ?? "")), StringComparer.Ordinal));
    }

    private static string? Fault(ChannelField field, string? text) => field switch
    {
        { Kind: ChannelFieldKind.Choice } => string.IsNullOrEmpty(text) || field.Choices.Contains(text) ? null : $"Choose one of {string.Join(", ", field.Choices)}.",
        _ when string.IsNullOrEmpty(text) => $"Paste the {Words(field.Name)} from BeeCloud's console, under the app's settings.",
        _ when !Identifier().IsMatch(text) => $"The {Words(field.Name)} has 16–64 letters, digits and hyphens and nothing else.",
        _ => null,
    };

    private static string Words(string field) => field switch { AppId => "App ID", AppSecret => "App Secret", _ => "Master Secret" };

    private static string? Text(JsonObject form, string name) =>
        form[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text.Trim() : null;

    [GeneratedRegex("^[A-Za-z0-9-]{16,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
