using System.Collections.Concurrent;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatOpen;

/// <summary>The codes that browsers carry from WeChat to a shop: each for one app, for five minutes, for one use. Forgotten at a restart.</summary>
internal sealed class WeChatCodes(TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Issued> _issued = new(StringComparer.Ordinal);

    public string Issue(string appId)
    {
        foreach (var old in _issued.Where(pair => pair.Value.At + Life < time.GetUtcNow()).ToList())
        {
            _issued.TryRemove(old);
        }

        var code = $"0{SandboxNumbers.Key()}";
        _issued[code] = new Issued(appId, time.GetUtcNow(), Used: false);
        return code;
    }

    /// <returns>Null when the code is good, and from now on used; else WeChat's own number for what is wrong.</returns>
    public WeChatOpenError? Take(string code, string appId)
    {
        if (!_issued.TryGetValue(code, out var issued) || issued.AppId != appId || issued.At + Life < time.GetUtcNow())
        {
            return new(40029, "invalid code");
        }

        return issued.Used || !_issued.TryUpdate(code, issued with { Used = true }, issued) ? new(40163, "code been used") : null;
    }

    private sealed record Issued(string AppId, DateTimeOffset At, bool Used);
}

/// <summary>A refusal in WeChat's own form, which comes with HTTP 200.</summary>
internal sealed record WeChatOpenError(int ErrCode, string ErrMsg);
