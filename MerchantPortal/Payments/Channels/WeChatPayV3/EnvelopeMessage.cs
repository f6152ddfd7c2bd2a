using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>The outer object of a notification. Its sealed content lies in rented memory, which goes back when it is disposed of.</summary>
/// <param name="AssociatedData">Empty when absent.</param>
internal sealed record EnvelopeMessage(string? Id, string EventType, string OriginalType, string Algorithm, string AssociatedData, string Nonce) : IDisposable
{
    private byte[]? _rented;

    internal ReadOnlyMemory<byte> Ciphertext { get; private set; }

    /// <returns>Null when a member that cannot be done without is missing or of another type.</returns>
    internal static EnvelopeMessage? Read(JsonElement json) =>
        json.Object("resource") is { } resource
        && json.Text("event_type", "TRANSACTION.SUCCESS", "REFUND.SUCCESS") is { } eventType
        && resource.Text("original_type", "transaction", "refund") is { } originalType
        && resource.Text("algorithm", WeChatPayV3Resource.Algorithm) is { } algorithm
        && resource.Text("nonce") is { } nonce
        && resource.TryGetProperty("ciphertext", out var text) && text.ValueKind == JsonValueKind.String
            ? new EnvelopeMessage(json.Text("id"), eventType, originalType, algorithm, resource.Text("associated_data", "transaction", "refund") ?? "", nonce).With(text)
            : null;

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            (_rented, Ciphertext) = (null, default);
        }
    }

    private EnvelopeMessage? With(JsonElement text)
    {
        var base64 = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        if (base64.Contains((byte)'\\'))
        {
            // Some write a slash as \/.
            Ciphertext = text.TryGetBytesFromBase64(out var bytes) ? bytes : default;
            return bytes is null ? null : this;
        }

        _rented = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        if (Base64.DecodeFromUtf8(base64, _rented, out _, out var length) == OperationStatus.Done)
        {
            Ciphertext = _rented.AsMemory(0, length);
            return this;
        }

        Dispose();
        return null;
    }
}
