using System.Text;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>What Alipay answered to a call.</summary>
internal abstract record AlipayOpenApiAnswer
{
    /// <summary>Alipay's own words, proven.</summary>
    internal sealed record Signed(JsonElement Content) : AlipayOpenApiAnswer
    {
        public string Code => Text("code");

        public string SubCode => Text("sub_code");

        public bool Succeeded => Code == AlipayWire.CodeSuccess;

        /// <summary>Alipay itself cannot tell what came of the call.</summary>
        public bool IsUncertain => Code == AlipayWire.CodeUnavailable || SubCode is AlipayWire.SystemError || SubCode.StartsWith("isp.", StringComparison.Ordinal)
            || SubCode.StartsWith("aop.", StringComparison.Ordinal);

        /// <returns>Empty when the member is missing or not text.</returns>
        public string Text(string name) =>
            Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

        /// <summary>Whether it speaks of our number: a genuine answer to another question proves nothing.</summary>
        public bool IsAbout(string outTradeNo) => Text("out_trade_no") is var told && (told == outTradeNo || (told.Length == 0 && !Succeeded));

        public string Describe() => $"{Code} {SubCode} {Text("sub_msg")}".Trim();
    }

    /// <summary>Proves nothing: not signed, wrongly signed, not an answer, or no answer at all.</summary>
    internal sealed record Unproven(string Reason) : AlipayOpenApiAnswer;

    /// <summary>Cuts the answer's object out of the bytes as it was sent, and believes it only when it is signed.</summary>
    /// <param name="method">The answer must be to this method; <c>a.b</c> answers as <c>a_b_response</c>.</param>
    public static AlipayOpenApiAnswer Read(ReadOnlyMemory<byte> body, string method, KeptKey alipayKey)
    {
        if (FormEncoding.Text(FormEncoding.Utf8, body.Span) is null)
        {
            return new Unproven("Alipay's answer is not UTF-8.");
        }

        try
        {
            var (cut, sign) = Cut(body.Span, method.Replace('.', '_') + "_response");
            if (cut is not { } range)
            {
                return new Unproven("Alipay's answer is not to this call: " + Excerpt(body.Span));
            }

            var text = body[range];
            return AlipayOpenApiSignature.ReadBase64(sign) is not { } signature ? new Unproven("Alipay's answer is not signed.")
                : !AlipayOpenApiSignature.Verify(alipayKey, text.Span, signature) ? new Unproven("The signature of Alipay's answer is wrong.")
                : new Signed(JsonElement.Parse(text.Span));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new Unproven("Alipay's answer is not JSON: " + Excerpt(body.Span));
        }
    }

    /// <returns>Where the object named <paramref name="key"/> begins and ends in the bytes, and the text of <c>sign</c>, both of the outermost level.</returns>
    /// <exception cref="JsonException">Not one JSON object, or one of the two comes twice.</exception>
    internal static (Range? Content, string? Sign) Cut(ReadOnlySpan<byte> body, string key)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        Range? content = null;
        string? sign = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = reader.ValueTextEquals(key);
            var isSign = reader.ValueTextEquals(AlipayWire.Sign);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if ((isContent && content is not null) || (isSign && sign is not null))
            {
                throw new JsonException();
            }

            sign = isSign && reader.TokenType == JsonTokenType.String ? reader.GetString() : sign;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            content = isContent && isObject ? start..(int)reader.BytesConsumed : content;
        }

        // Reads on to the end: whatever follows the object makes it something else.
        return reader.Read() ? throw new JsonException() : (content, sign);
    }

    private static string Excerpt(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]);
}
