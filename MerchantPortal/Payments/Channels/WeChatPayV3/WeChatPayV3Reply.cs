using System.Globalization;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>The bytes that came back from a call, not yet believed.</summary>
/// <param name="Headers">The signature headers, lower-case names; one that came twice has both values, joined by a line feed.</param>
internal sealed record WeChatPayV3Reply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    private bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Believes a success only when the gateway has signed it a moment ago.</summary>
    /// <param name="find">The key of a serial; null for a serial that nobody knows.</param>
    internal WeChatPayV3Answer Judge(Func<string, KeptKey?> find, DateTimeOffset now)
    {
        if (IsSuccess)
        {
            return SignatureFault(find, now) ?? (WeChatPayV3Answer)new WeChatPayV3Answer.Signed(Status, Body);
        }

        // A refusal may come unsigned, but one that claims a signature must have a right one.
        if (Headers.ContainsKey(WeChatPayV3Headers.SignatureName) && SignatureFault(find, now) is { } fault)
        {
            return fault;
        }

        return Status >= 400 && WeChatPayV3Reader.Read(Body, ErrorMessage.Read) is { } error
            ? new WeChatPayV3Answer.Refused(Status, Brief(error.Code), Brief(error.Message))
            : new WeChatPayV3Answer.Unknown(string.Create(CultureInfo.InvariantCulture, $"HTTP {Status} that is not in WeChat Pay's form."));
    }

    /// <returns>Null when the answer is the gateway's own, and fresh.</returns>
    private WeChatPayV3Answer.Unknown? SignatureFault(Func<string, KeptKey?> find, DateTimeOffset now)
    {
        var reading = WeChatPayV3Headers.Read(Headers);
        if (reading is not WeChatPayV3Headers.Reading.Present(var headers))
        {
            return new($"The answer is not signed as it must be. {((WeChatPayV3Headers.Reading.Refused)reading).Detail}");
        }

        if (Math.Abs(now.ToUnixTimeSeconds() - headers.UnixSeconds) >= WeChatPayV3Verification.WindowSeconds)
        {
            return new("The answer's signature is too old or from the future: check this server's clock.");
        }

        if (find(headers.Serial) is not { } key)
        {
            return new($"The answer is signed by the key {headers.Serial}, which this account does not have.") { Probe = headers.IsProbe, KeyIsMissing = true };
        }

        return WeChatPayV3Signature.IsValid(key, headers, Body)
            ? null
            : new("The answer's signature does not fit the key of this account that it names.") { Probe = headers.IsProbe };
    }

    private static string Brief(string text) => text.Length <= 200 ? text : text[..200];
}
