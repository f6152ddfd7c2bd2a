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
    /// <param name="certificateNumber">Of the certificate that the answer must name where it names one; null in key mode.</param>
    public static AlipayOpenApiAnswer Read(ReadOnlyMemory<byte> body, string method, KeptKey alipayKey, string? certificateNumber = null)
    {
        if (FormEncoding.Text(FormEncoding.Utf8, body.Span) is null)
        {
            return new Unproven("Alipay's answer is not UTF-8.");
        }

        try
        {
            var (cut, sign, certificate) = Cut(body.Span, method.Replace('.', '_') + "_response");
            if (cut is not { } range)
            {
                return new Unproven("Alipay's answer is not to this call: " + Excerpt(body.Span));
            }

            // Said apart from a wrong signature, because the cure is another one: Alipay has renewed its certificate.
            if (certificateNumber is not null && certificate is not null && certificate != certificateNumber)
            {
                return new Unproven("Alipay's answer is signed under another certificate than the account's: download alipayCertPublicKey_RSA2.crt again.");
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

    /// <returns>
    /// Where the object named <paramref name="key"/> begins and ends in the bytes, and the texts of <c>sign</c> and <c>alipay_cert_sn</c>, all
    /// of the outermost level.
    /// </returns>
    /// <exception cref="JsonException">Not one JSON object, or one of the three comes twice.</exception>
    internal static (Range? Content, string? Sign, string? Certificate) Cut(ReadOnlySpan<byte> body, string key)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        Range? content = null;
        string? sign = null, certificate = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString() ?? "";
            if ((name == key || name is AlipayWire.Sign or AlipayWire.AlipayCertificateNumber) && !seen.Add(name))
            {
                throw new JsonException();
            }

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            content = name == key && isObject ? start..(int)reader.BytesConsumed : content;
            sign = name == AlipayWire.Sign ? text : sign;
            certificate = name == AlipayWire.AlipayCertificateNumber ? text : certificate;
        }

        // Reads on to the end: whatever follows the object makes it something else.
        return reader.Read() ? throw new JsonException() : (content, sign, certificate);
    }

    private static string Excerpt(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]);
}
