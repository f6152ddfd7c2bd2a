using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// A channel named <c>fake</c> whose gateway is an object in this process, see <see cref="FakeGateway"/>. Everything on our
/// side of the channel is the product's own; only the wire is replaced.
/// </summary>
public sealed class FakeChannelDefinition(FakeGateway gateway) : IChannelDefinition
{
    public const string Name = "fake";
    public const string SignatureHeader = "x-fake-signature";

    public string Channel => Name;

    public string SettingsSection => "Fake";

    public Uri OfficialBaseUrl { get; } = new("https://gateway.fake.test/");

    public bool IsLegacy => false;

    public IReadOnlyList<PaymentMethod> Methods => gateway.Methods;

    public IReadOnlyList<string> Banks => gateway.Banks;

    public bool CanClose => gateway.CanClose;

    public IReadOnlyList<Uri> BuyerPages => gateway.BuyerPages;

    public IReadOnlyList<ChannelField> Fields { get; } = [new("key", ChannelFieldKind.Text, IsSecret: true, IsRequired: true)];

    public IReadOnlyList<string> EvidenceHeaders { get; } = [SignatureHeader];

    public ChannelFormResult Read(JsonObject form) => (string?)form["key"] is { Length: > 0 } key
        ? new ChannelFormResult.Valid(new JsonObject { ["key"] = key }, FakeGateway.MerchantId, FakeGateway.AppId, new Dictionary<string, string>())
        : new ChannelFormResult.Invalid(new Dictionary<string, string> { ["key"] = "Give a key." });

    public IPaymentChannel Open(ChannelSettings settings) => new FakeChannel(gateway, settings);
}

/// <summary>One account of <see cref="FakeChannelDefinition"/>: asks the fake gateway, verifies by HMAC-SHA256 over the body.</summary>
internal sealed class FakeChannel(FakeGateway gateway, ChannelSettings settings) : IConfirmingChannel, IPayerIdentification, IRefundingChannel
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes((string?)settings.Form["key"] ?? "");

    public string Channel => FakeChannelDefinition.Name;

    public async Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken)
    {
        await gateway.Answering.WaitAsync(cancellationToken);
        return gateway.Create(request, settings.BaseUrl);
    }

    public async Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken)
    {
        await gateway.Answering.WaitAsync(cancellationToken);
        return gateway.Query(outTradeNo);
    }

    public async Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken)
    {
        await gateway.Answering.WaitAsync(cancellationToken);
        return gateway.Close(outTradeNo);
    }

    public string? RefundObstacle(PaymentMethod method) => gateway.RefundObstacle;

    public async Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        await gateway.Answering.WaitAsync(cancellationToken);
        return gateway.Refund(request);
    }

    public async Task<RefundResult> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        await gateway.Answering.WaitAsync(cancellationToken);
        return gateway.QueryRefund(request);
    }

    public Verification Verify(RawNotification raw)
    {
        var told = Encoding.UTF8.GetBytes(raw.Header(FakeChannelDefinition.SignatureHeader) ?? "");
        var ours = Encoding.UTF8.GetBytes(FakeGateway.Sign(raw.Body.Span, _key));
        if (!CryptographicOperations.FixedTimeEquals(told, ours))
        {
            return new Verification.Rejected(RejectionReasons.SignatureInvalid, SignatureValid: false, [new(TraceSteps.Signature, false, "not ours")]);
        }

        return Read(raw.Body) is { } message
            ? new Verification.Accepted(FakeGateway.ToNotification(message, NotificationSource.Notification), [new(TraceSteps.Signature, true, "equal")])
            : new Verification.Rejected(RejectionReasons.NotParsable, SignatureValid: true, [new(TraceSteps.Parse, false, "not JSON")]);
    }

    public bool NeedsConfirmation(VerifiedNotification claimed) => gateway.OnConfirm is not null;

    public async Task<Confirmation> ConfirmAsync(RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken)
    {
        await gateway.Answering.WaitAsync(cancellationToken);
        return gateway.Confirm(claimed);
    }

    public bool CanIdentify => gateway.OnIdentify is not null;

    public Uri AuthorizeUrl(Uri returnUrl, string state) =>
        new(settings.BaseUrl, $"authorize?redirect_uri={Uri.EscapeDataString(returnUrl.AbsoluteUri)}&state={state}");

    public async Task<PayerIdentity> IdentifyAsync(string code, CancellationToken cancellationToken)
    {
        await gateway.Answering.WaitAsync(cancellationToken);
        return gateway.Identify(code);
    }

    public Acknowledgement Acknowledge(CallbackStatus outcome) => outcome switch
    {
        CallbackStatus.Rejected => new(401, null, ""),
        CallbackStatus.Deferred => new(500, null, ""),
        _ => new(200, "text/plain", "ok"),
    };

    private static FakeMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<FakeMessage>(body.Span, FakeGateway.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
