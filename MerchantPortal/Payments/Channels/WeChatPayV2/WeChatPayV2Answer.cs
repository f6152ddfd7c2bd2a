namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>What came back from a call.</summary>
internal abstract record WeChatPayV2Answer
{
    /// <summary>WeChat Pay's own words, proven.</summary>
    internal sealed record Signed(FlatXml Xml) : WeChatPayV2Answer
    {
        /// <summary>Empty when it succeeded.</summary>
        public string Error => Xml[WeChatWire.ResultCode] == WeChatWire.Success ? "" : Xml[WeChatWire.ErrorCode] ?? WeChatWire.Fail;

        public bool Succeeded => Error.Length == 0;

        /// <summary>WeChat Pay itself cannot tell what came of the call, or asks to be called again.</summary>
        public bool IsUncertain => Error is WeChatWire.SystemError or "BIZERR_NEED_RETRY" or "FREQUENCY_LIMITED" or "INVALID_REQ_TOO_MUCH" or WeChatWire.Fail;

        public string Describe() => $"{Error} {Xml[WeChatWire.ErrorText]}".Trim();
    }

    /// <summary>Refused before it was looked at (wrong signature, unknown merchant, broken XML). Never signed, so it proves nothing.</summary>
    internal sealed record Turned(string Message) : WeChatPayV2Answer
    {
        /// <summary>Believing that an order was <b>not</b> made risks nothing: without its answer no buyer has its code. But a busy gateway may be asked again.</summary>
        public bool IsBusy => Message.Contains("SYSTEM", StringComparison.OrdinalIgnoreCase) || Message.Contains("系统", StringComparison.Ordinal)
            || Message.Contains("繁忙", StringComparison.Ordinal);

        public string Describe() => $"WeChat Pay turned the call away: {Message}";
    }

    /// <summary>Proves nothing: wrongly signed, not an answer, or no answer at all.</summary>
    internal sealed record Unproven(string Reason) : WeChatPayV2Answer;

    /// <summary>Believes bytes only when they are signed with this account's key and algorithm.</summary>
    internal static WeChatPayV2Answer Read(ReadOnlyMemory<byte> body, WeChatPayV2Account account)
    {
        if (FlatXml.Read(body, WeChatWire.Root) is not FlatXmlResult.Parsed(var xml))
        {
            return new Unproven("The answer is not WeChat Pay's XML.");
        }

        if (xml[WeChatWire.ReturnCode] != WeChatWire.Success)
        {
            return xml[WeChatWire.ReturnCode] == WeChatWire.Fail ? new Turned(Brief(xml[WeChatWire.ReturnMessage] ?? "no reason was given")) : new Unproven("The answer has no return_code.");
        }

        return !account.Digest.Verify(WeChatPayV2Account.SignedText(xml.Fields), xml[WeChatWire.Sign]) ? new Unproven("The signature of WeChat Pay's answer is missing or wrong.")
            : xml[WeChatWire.MerchantId] != account.MerchantId || xml[WeChatWire.AppId] != account.AppId ? new Unproven("The answer is for another merchant or app.")
            : new Signed(xml);
    }

    private static string Brief(string text) => text.Length <= 200 ? text : text[..200];
}
