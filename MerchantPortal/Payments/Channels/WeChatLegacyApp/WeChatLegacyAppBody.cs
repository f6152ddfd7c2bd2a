namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>The XML behind a notification: who paid, for which app.</summary>
internal abstract record WeChatLegacyAppBody
{
    private static readonly string[] Signed = ["OpenId", "AppId", "IsSubscribe", "TimeStamp", "NonceStr"];

    /// <summary>Its AppSignature fits.</summary>
    internal sealed record Proven(string AppId, string? OpenId) : WeChatLegacyAppBody;

    /// <summary>Empty, or without an AppSignature.</summary>
    internal sealed record Unsigned : WeChatLegacyAppBody;

    /// <summary>Its AppSignature does not fit.</summary>
    internal sealed record Forged : WeChatLegacyAppBody;

    internal sealed record Unreadable(string Reason, string Detail) : WeChatLegacyAppBody;

    public static WeChatLegacyAppBody Read(ReadOnlyMemory<byte> body, WeChatLegacyAppKeys keys) =>
        body.IsEmpty ? new Unsigned() : FlatXml.Read(body, "xml") switch
        {
            FlatXmlResult.Parsed parsed => Judge(parsed.Xml, keys),
            FlatXmlResult.Refused refused => new Unreadable(refused.Reason, refused.Detail),
            _ => throw new InvalidOperationException("XML is either read or refused."),
        };

    private static WeChatLegacyAppBody Judge(FlatXml xml, WeChatLegacyAppKeys keys)
    {
        if (xml["AppSignature"] is not { } signature)
        {
            return new Unsigned();
        }

        // WeChat signs the names in lower case, and its own example has a blank before the time.
        var fields = Signed.Select(name => new KeyValuePair<string, string>(name.ToLowerInvariant(), xml[name]?.Trim() ?? ""));
        return xml["SignMethod"]?.Trim() is null or WeChatLegacyAppSignature.Method
            && WeChatLegacyAppSignature.Verify(fields, keys.PaySignKey, signature.Trim().ToLowerInvariant())
            ? new Proven(xml["AppId"]?.Trim() ?? "", xml["OpenId"]?.Trim())
            : new Forged();
    }
}
