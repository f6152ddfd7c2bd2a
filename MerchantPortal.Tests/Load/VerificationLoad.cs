using System.Diagnostics;
using System.Security.Cryptography;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV3;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// R5, R6: what it costs to prove and read one message, in time and in bytes allocated, beside the primitives that cannot be done without,
/// measured alone, and beside the way in which the usual kits do it. On one thread, in alternating rounds.
/// </summary>
[Trait("Category", "Load")]
public sealed class VerificationLoad
{
    private const int RoundCount = 15;
    private const int PerRound = 2_000;
    private const int Messages = 64;

    private readonly LoadReport _report = new();

    [Fact]
    public async Task Verification()
    {
        using var platform = new WeChatPlatform();
        var now = TimeProvider.System.GetUtcNow();
        var notified = Enumerable.Range(0, Messages).Select(index => Captured(platform.Success(Number(index), $"4200{index:000000000000}", 100 + index, now), now)).ToList();
        using var ofWeChat = new RawPrimitives(platform);
        await CompareAsync("wechat-v3", WeChatPayV3Fixture.Open(form: platform.Form()), notified, ofWeChat, new PeerKit(platform));

        var posted = Enumerable.Range(0, Messages).Select(index => AlipayFixture.Post(AlipayFixture.Signed(AlipayMessage(index)))).ToList();
        using var ofAlipay = new RawPrimitives(AlipayPem);
        await CompareAsync("alipay", AlipayFixture.Open(), posted, ofAlipay, new PeerKit(AlipayPem));
        await _report.SaveAsync();
    }

    private static string AlipayPem => VectorFile.Key("alipay.public_pem");

    private async Task CompareAsync(string channel, IPaymentChannel ours, List<RawNotification> messages, RawPrimitives primitives, PeerKit peer)
    {
        AssertAllAgree(ours, messages, primitives, peer);
        var prepared = messages.ConvertAll(primitives.Prepare);
        var sides = new Dictionary<string, MeasuredCalls>
        {
            ["ours"] = new(index => ours.Verify(messages[index % Messages]), PerRound),
            ["primitives"] = new(index => primitives.Run(prepared[index % Messages]), PerRound),
            ["N3"] = new(index => peer.Read(messages[index % Messages]), PerRound),
        };
        var page = new byte[65_536];
        var control = new MeasuredCalls(_ => SHA256.HashData(page), PerRound);
        var rounds = new Rounds(RoundCount, control.RunAsync);
        var table = await rounds.RunAsync([.. sides.Select(side => (side.Key, (Func<Task<double>>)side.Value.RunAsync))]);
        _report.Line($"{channel}: {messages[0].Body.Length} bytes a message; {string.Join("  ", sides.Select(side => FormattableString.Invariant($"{side.Key} {table.Median(side.Key):0.0} us {side.Value.Bytes:0} bytes")))}");
        _report.Ratio($"R5@{channel}", table, "ours", "primitives", isAtLeast: false, 2.0);
        _report.Figure($"R5-bytes@{channel}", sides["ours"].Bytes, isAtLeast: false, 6_144);
        _report.Ratio($"R6@{channel}", table, "ours", "N3", isAtLeast: false, 0.25);
        _report.Ratio($"R6-bytes@{channel}", sides["ours"].Bytes, sides["N3"].Bytes, isAtLeast: false, 0.25);
    }

    /// <summary>The figures count only if every side accepts what is genuine, reads the same number out of it, and refuses what is not.</summary>
    private static void AssertAllAgree(IPaymentChannel ours, List<RawNotification> messages, RawPrimitives primitives, PeerKit peer)
    {
        for (var index = 0; index < messages.Count; index++)
        {
            var accepted = Assert.IsType<Verification.Accepted>(ours.Verify(messages[index]));
            Assert.Equal((Number(index), NotificationKind.PaymentSucceeded), (accepted.Notification.OutTradeNo, accepted.Notification.Kind));
            Assert.Equal((Number(index), accepted.Notification.ChannelTransactionId), peer.Read(messages[index]));
            Assert.True(primitives.Run(primitives.Prepare(messages[index])));
        }

        var forged = messages[0] with { Body = Flipped(messages[0].Body) };
        Assert.IsType<Verification.Rejected>(ours.Verify(forged));
        Assert.Throws<CryptographicException>(() => peer.Read(forged));
        Assert.False(primitives.Run(primitives.Prepare(forged)));
    }

    /// <summary>One digit of the message is another one; what it is written in stays as it is.</summary>
    private static byte[] Flipped(ReadOnlyMemory<byte> body)
    {
        var copy = body.ToArray();
        var at = copy.AsSpan().IndexOfAnyInRange((byte)'1', (byte)'8');
        copy[at]++;
        return copy;
    }

    private static string Number(int index) => $"PX20260101{index:000000}";

    private static RawNotification Captured(SignedNotification signed, DateTimeOffset at) => WeChatPayV3Fixture.Post(
        signed.Body, signed.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value, StringComparer.Ordinal), at);

    /// <summary>With every field that a payment through a page has.</summary>
    private static Dictionary<string, string> AlipayMessage(int index) => new(AlipayFixture.Paid())
    {
        ["out_trade_no"] = Number(index),
        ["trade_no"] = $"20261231220014684505{index:00000000}",
        ["notify_time"] = "2026-12-31 12:00:02",
        ["gmt_create"] = "2026-12-31 11:59:58",
        ["auth_app_id"] = AlipayFixture.AppId,
        ["buyer_logon_id"] = "159****5620",
        ["receipt_amount"] = "123.40",
        ["buyer_pay_amount"] = "123.40",
        ["invoice_amount"] = "123.40",
        ["point_amount"] = "0.00",
        ["body"] = "西湖龙井 250 克",
    };
}

/// <summary>Many calls on this thread: microseconds each, and what each has allocated.</summary>
internal sealed class MeasuredCalls(Action<int> call, int count)
{
    /// <summary>Of one call, in the last round.</summary>
    public double Bytes { get; private set; }

    public Task<double> RunAsync()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            call(i);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        Bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
        return Task.FromResult(elapsed.TotalMicroseconds / count);
    }
}
