using System.Globalization;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>What the gateway answered to a call. Nothing is signed: it is the gateway's own as far as TLS says so.</summary>
internal abstract record WeChatLegacyAppAnswer
{
    internal sealed record Told(long Code, JsonElement Content) : WeChatLegacyAppAnswer
    {
        public bool Succeeded => Code == 0;

        /// <summary>The access token is not (or no longer) good.</summary>
        public bool IsTokenRefused => Code is WeChatLegacyAppWire.TokenInvalid or WeChatLegacyAppWire.TokenIllegal or WeChatLegacyAppWire.TokenExpired;

        /// <summary>The gateway did not say no; it could not say anything.</summary>
        public bool IsTransient => IsTokenRefused || Code is WeChatLegacyAppWire.Busy or WeChatLegacyAppWire.QuotaReached;

        public string CodeText => Code.ToString(CultureInfo.InvariantCulture);

        public string Message => Content.Text("errmsg") ?? "";

        public string Describe() => $"{CodeText} {Message}".Trim();
    }

    /// <summary>Cannot tell what happened.</summary>
    internal sealed record Unknown(string Reason) : WeChatLegacyAppAnswer;

    /// <summary>The gateway does not take the app's number or secret, so nothing was asked.</summary>
    internal sealed record NoToken(string Code, string Message) : WeChatLegacyAppAnswer;

    /// <returns>Unknown when it is not one JSON object with an <c>errcode</c>.</returns>
    public static WeChatLegacyAppAnswer Read(ReadOnlySpan<byte> body) =>
        Parse(body) is { } content && content.Number("errcode") is { } code
            ? new Told(code, content)
            : new Unknown("WeChat's answer is not in its form.");

    /// <returns>Null when it is not one JSON object.</returns>
    internal static JsonElement? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } content ? content : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal static class WeChatLegacyAppJson
{
    /// <summary>A member's text; numbers and truth values as they are written, because the gateway is not sure of its own types.</summary>
    /// <returns>Null when it is missing, empty or something else.</returns>
    public static string? Text(this JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <returns>Null when it is missing or not a whole number.</returns>
    public static long? Number(this JsonElement json, string name) =>
        long.TryParse(json.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
