using System.Text;
using MerchantPortal.Payments.Channels;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3ChannelTests;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>Only an answer that is signed by WeChat Pay is believed.</summary>
public sealed class WeChatPayV3AnswerProofTests
{
    /// <summary>Spoils a signed answer in one way each.</summary>
    public static TheoryData<string> Spoilings =>
    [
        "wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial", "wechatpay-signature", "twice", "forged", "merchant", "old", "sm2", "unknown serial", "changed body",
    ];

    [Theory]
    [MemberData(nameof(Spoilings))]
    public async Task A_success_that_is_not_signed_right_is_unknown(string spoiling)
    {
        Assert.IsType<CreateResult.Unknown>(await Open(Spoiled(CodeUrl, 200, spoiling)).CreateAsync(Order(), CancellationToken.None));
        Assert.IsType<QueryResult.Unknown>(await Open(Spoiled(Transaction().ToJsonString(), 200, spoiling)).QueryAsync(OutTradeNo, CancellationToken.None));
        Assert.IsType<CloseResult.Unknown>(await Open(Spoiled("", 204, spoiling)).CloseAsync(OutTradeNo, CancellationToken.None));
    }

    [Fact]
    public async Task A_success_without_any_signature_is_unknown()
    {
        Assert.IsType<CreateResult.Unknown>(await Open(new WeChatStub(_ => WeChatStub.Unsigned(CodeUrl))).CreateAsync(Order(), CancellationToken.None));
        Assert.IsType<QueryResult.Unknown>(await Open(new WeChatStub(_ => WeChatStub.Unsigned(Transaction().ToJsonString()))).QueryAsync(OutTradeNo, CancellationToken.None));
        Assert.IsType<CloseResult.Unknown>(await Open(new WeChatStub(_ => WeChatStub.Unsigned("", 204))).CloseAsync(OutTradeNo, CancellationToken.None));
    }

    [Fact]
    public async Task A_probe_is_answered_by_asking_once_more()
    {
        var calls = 0;
        var stub = new WeChatStub(_ => WeChatStub.Signed(CodeUrl, change: ++calls == 1 ? Probe : null));
        Assert.IsType<CreateResult.Prompted>(await Open(stub).CreateAsync(Order(), CancellationToken.None));
        Assert.Equal(2, stub.Calls.Count);

        var stubborn = WeChatStub.Saying(CodeUrl, change: Probe);
        Assert.IsType<CreateResult.Unknown>(await Open(stubborn).CreateAsync(Order(), CancellationToken.None));
        Assert.Equal(2, stubborn.Calls.Count);
    }

    [Fact]
    public async Task A_refusal_with_a_wrong_signature_is_unknown()
    {
        var stub = new WeChatStub(_ => WeChatStub.Signed("""{"code":"ORDER_NOT_EXIST","message":""}""", 404, Probe));
        Assert.IsType<QueryResult.Unknown>(await Open(stub).QueryAsync(OutTradeNo, CancellationToken.None));
        var genuine = WeChatStub.Saying("""{"code":"ORDER_NOT_EXIST","message":""}""", 404);
        Assert.IsType<QueryResult.NotFound>(await Open(genuine).QueryAsync(OutTradeNo, CancellationToken.None));
    }

    private static WeChatStub Spoiled(string body, int status, string spoiling) => WeChatStub.Saying(body, status, response =>
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var replacement = spoiling switch
        {
            "forged" => Headers(bytes, key: "attacker.private_pem"),
            "merchant" => Headers(bytes, key: "v3_merchant.private_pem"),
            "old" => Headers(bytes, at: Now.AddSeconds(-300)),
            "sm2" => new(Headers(bytes)) { ["wechatpay-signature-type"] = "WECHATPAY2-SM2-WITH-SM3" },
            "unknown serial" => Headers(bytes, serial: "CAFE"),
            "changed body" => Headers([.. bytes, 1]),
            "twice" => Headers(bytes),
            _ => null,
        };
        if (replacement is null)
        {
            response.Headers.Remove(spoiling);
            return;
        }

        foreach (var (name, value) in replacement)
        {
            _ = spoiling == "twice" || response.Headers.Remove(name);
            response.Headers.Add(name, value);
        }
    });

    private static void Probe(HttpResponseMessage response)
    {
        response.Headers.Remove("wechatpay-signature");
        response.Headers.Add("wechatpay-signature", "WECHATPAY/SIGNTEST/" + new string('A', 300));
    }
}
