using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels.WeChatOAuth;

namespace MerchantPortal.Payments.Channels;

/// <summary>A kind of channel: its form, its limits, and how to open an account of it. One per folder below this one.</summary>
public interface IChannelDefinition
{
    /// <summary>Public name, e.g. <c>wechat-v3</c>; part of the notify address.</summary>
    string Channel { get; }

    /// <summary>Name of the section below <c>Gateways</c> whose <c>BaseUrl</c> moves live accounts to another host.</summary>
    string SettingsSection { get; }

    /// <summary>Where live accounts call when no setting says otherwise.</summary>
    Uri OfficialBaseUrl { get; }

    /// <summary>True for protocols that cannot protect what a current one protects.</summary>
    bool IsLegacy { get; }

    IReadOnlyList<PaymentMethod> Methods { get; }

    /// <summary>True where the gateway changes its keys and hands them out; an account of the channel is then an <see cref="IPlatformKeySource"/>.</summary>
    bool HandsOutKeys => false;

    /// <summary>
    /// Time of Beijing from which the bill of the day before can be had; an account of the channel is then an <see cref="IBillSource"/>. Null where
    /// the gateway has no bills, or none that is read here.
    /// </summary>
    TimeOnly? BillsReadyAt => null;

    /// <summary>Codes of the banks that a payer can choose beforehand; empty where the channel has no such choice.</summary>
    IReadOnlyList<string> Banks => [];

    /// <summary>Hosts besides the gateway's own to whose pages and scripts a live buyer is led.</summary>
    IReadOnlyList<Uri> BuyerPages => [];

    /// <summary>False where a payment that was started cannot be closed and only expires, so that the buyer cannot change to another way to pay.</summary>
    bool CanClose => true;

    /// <summary>Why the channel gives no money back by a call, a <see cref="Refunds.RefundFailures"/> code; null where an account of it is an <see cref="IRefundingChannel"/>.</summary>
    string? RefundObstacle => null;

    /// <summary>What an account of this channel is made of, in the order in which a person fills it in.</summary>
    IReadOnlyList<ChannelField> Fields { get; }

    /// <summary>Request headers that are evidence (signature, serial, …) and are kept with a capture.</summary>
    IReadOnlyList<string> EvidenceHeaders { get; }

    /// <summary>Checks and normalises a form (key formats converted, blanks trimmed).</summary>
    ChannelFormResult Read(JsonObject form);

    /// <summary>Opens an account with keys parsed once. The form is one that <see cref="Read"/> accepted.</summary>
    IPaymentChannel Open(ChannelSettings settings);
}

/// <param name="Name">The field's name in the API and in the stored form.</param>
/// <param name="IsSecret">Never shown again after it was saved; a new form that leaves it out keeps the old value.</param>
public sealed record ChannelField(string Name, ChannelFieldKind Kind, bool IsSecret, bool IsRequired)
{
    /// <summary>The values of a <see cref="ChannelFieldKind.Choice"/>, the default first; empty for the other kinds.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Fields in whose stead this one stands: the saved secret is dropped, not kept, when a new form fills one of them.</summary>
    public IReadOnlyList<string> ReplacedBy { get; init; } = [];

    /// <summary>The choice with which alone this field means something; null when it always does.</summary>
    public ChannelFieldCondition? OnlyWith { get; init; }
}

/// <param name="Field">Name of a <see cref="ChannelFieldKind.Choice"/>.</param>
/// <param name="Value">The value that must be chosen.</param>
public sealed record ChannelFieldCondition(string Field, string Value);

public enum ChannelFieldKind
{
    Text,
    PrivateKey,
    PublicKey,

    /// <summary>Array of <c>{"serial","public_key"|"certificate"}</c>.</summary>
    PublicKeyRing,

    /// <summary>One of <see cref="ChannelField.Choices"/>.</summary>
    Choice,

    /// <summary>Certificates, PEM; one or a chain.</summary>
    Certificate,

    /// <summary>A certificate with its private key: PEM, or PKCS#12 as base64.</summary>
    ClientCertificate,
}

/// <summary>A form that was read: either usable, or one message per field that is not.</summary>
public abstract record ChannelFormResult
{
    /// <param name="Normalised">What is stored.</param>
    /// <param name="Fingerprints">What may be shown of each key.</param>
    public sealed record Valid(JsonObject Normalised, string MerchantId, string AppId, IReadOnlyDictionary<string, string> Fingerprints)
        : ChannelFormResult
    {
        /// <summary>When the certificates among the keys end, by the names of <see cref="Fingerprints"/>.</summary>
        public IReadOnlyDictionary<string, DateTimeOffset> Expiries { get; init; } = new Dictionary<string, DateTimeOffset>();
    }

    /// <param name="Errors">Field → what is wrong and what to do, in English; the console translates by field.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, string> Errors) : ChannelFormResult;
}

/// <summary>What a channel is opened with.</summary>
/// <param name="BaseUrl">The gateway: the official host, or the sandbox for a test account.</param>
/// <param name="Http">Already bounded in time, retries and redirects.</param>
public sealed record ChannelSettings(
    Guid AccountId,
    PaymentMode Mode,
    Uri BaseUrl,
    JsonObject Form,
    HttpClient Http,
    TimeProvider Time)
{
    /// <summary>Where a payer is identified; the sandbox for a test account.</summary>
    public WeChatHosts WeChat { get; init; } = WeChatHosts.Official;

    /// <summary>Null where the portal keeps none; a channel that needs them does not open without.</summary>
    public ISharedTokens? Tokens { get; init; }

    /// <summary>Keys of the gateway that were downloaded earlier.</summary>
    public IReadOnlyList<PlatformCertificate> PlatformCertificates { get; init; } = [];

    /// <summary>A client like <see cref="Http"/> that shows a certificate of the merchant's, for gateways that ask for one when money leaves. Null where there is none.</summary>
    public Func<X509Certificate2, HttpClient>? HttpWith { get; init; }

    /// <summary>Downloads the gateway's keys where that is due. Answers with all that are known then; with none where nothing was done.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<PlatformCertificate>>> RefreshKeys { get; init; } =
        _ => Task.FromResult<IReadOnlyList<PlatformCertificate>>([]);
}
