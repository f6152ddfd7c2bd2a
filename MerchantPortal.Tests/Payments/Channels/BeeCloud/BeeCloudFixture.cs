using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.BeeCloud;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace MerchantPortal.Tests.Payments.Channels.BeeCloud;

/// <summary>An account with the keys of the vectors, and somebody who plays BeeCloud.</summary>
internal static class BeeCloudFixture
{
    public const string BillNo = "BC1798689600";

    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1798689600000);

    public static string AppId { get; } = VectorFile.Key("beecloud.app_id");

    public static string AppSecret { get; } = VectorFile.Key("beecloud.app_secret");

    public static string MasterSecret { get; } = VectorFile.Key("beecloud.master_secret");

    public static JsonObject Form(string? confirmByQuery = null, string? instantChannel = null)
    {
        var form = new JsonObject { ["app_id"] = AppId, ["app_secret"] = AppSecret, ["master_secret"] = MasterSecret };
        if (confirmByQuery is not null)
        {
            form["confirm_by_query"] = confirmByQuery;
        }

        if (instantChannel is not null)
        {
            form["instant_channel"] = instantChannel;
        }

        return form;
    }

    public static IConfirmingChannel Open(
        HttpMessageHandler? handler = null, JsonObject? form = null, PaymentMode mode = PaymentMode.Live, params (string Key, string Value)[] settings)
    {
        var definition = Definition(settings);
        var valid = Assert.IsType<ChannelFormResult.Valid>(definition.Read(form ?? Form()));
        return Assert.IsAssignableFrom<IConfirmingChannel>(definition.Open(new ChannelSettings(
            Guid.Empty, mode, new Uri("https://api.beecloud.cn/"), valid.Normalised,
            new HttpClient(handler ?? new BeeCloudStub(_ => throw new HttpRequestException("No call was expected."))), new FakeTimeProvider(Now))));
    }

    public static BeeCloudDefinition Definition(params (string Key, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build());

    public static RawNotification Post(
        byte[] body, string kind = "", string method = "POST", string contentType = "application/json", string remoteAddress = "127.0.0.1") =>
        new(Guid.Empty, "beecloud", method, $"/notify/beecloud/x{kind}", "",
            new Dictionary<string, string> { ["content-type"] = contentType }, body, Now, remoteAddress);

    public static RawNotification Post(string body, string kind = "") => Post(Encoding.UTF8.GetBytes(body), kind);

    /// <summary>A webhook as BeeCloud words it, signed over the values given here.</summary>
    public static string Paid(string fee = "12340", string type = "PAY", string number = BillNo, string channel = "WX", string success = "true", string trade = "4200") =>
        $$"""{"signature":"{{Md5(AppId + number + type + channel + fee.Trim('"') + MasterSecret)}}","timestamp":1,"channel_type":"{{channel}}","sub_channel_type":"WX_NATIVE","transaction_type":"{{type}}","transaction_id":"{{number}}","transaction_fee":{{fee}},"trade_success":{{success}},"message_detail":{},"optional":{},"channel_transaction_id":"{{trade}}"}""";

    /// <summary>Written a second time, apart from the product.</summary>
#pragma warning disable CA5351 // The protocol knows no other digest.
    public static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    public static string Bills(params string[] bills) => $$"""{"result_code":0,"result_msg":"OK","err_detail":"","count":{{bills.Length}},"bills":[{{string.Join(',', bills)}}]}""";

    public static string Bill(string fee = "12340", bool paid = true, string trade = "4200", string more = "", string number = BillNo) =>
        $$"""{"bill_no":"{{number}}","total_fee":{{fee}},"trade_no":"{{trade}}","spay_result":{{(paid ? "true" : "false")}}{{more}}}""";

    public static CreatePayment Order(PaymentMethod method, string subject = "明前龙井 50g", string outTradeNo = "M261231ABCDEFGH") => new(
        outTradeNo, 12_840, subject, method, Now.AddMinutes(30), new Uri("https://shop.example/notify/beecloud/1"), new Uri("https://shop.example/pay/t/return"));

    public static Verification.Rejected AssertRejected(Verification verification, string reason, bool signatureValid = false)
    {
        var rejected = Assert.IsType<Verification.Rejected>(verification);
        Assert.Equal((reason, signatureValid), (rejected.Reason, rejected.SignatureValid));
        return rejected;
    }
}

/// <summary>Stands in BeeCloud's place and keeps what it was sent.</summary>
internal sealed class BeeCloudStub(Func<JsonObject, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<(HttpMethod Method, Uri Address, JsonObject Fields)> Calls { get; } = [];

    public static BeeCloudStub Saying(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(_ => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var address = request.RequestUri ?? throw new InvalidOperationException();
        var text = request.Content is { } content
            ? await content.ReadAsStringAsync(cancellationToken)
            : Uri.UnescapeDataString(address.Query["?para=".Length..]);
        var fields = JsonSerializer.Deserialize<JsonObject>(text) ?? [];
        Calls.Add((request.Method, address, fields));
        return answer(fields);
    }
}
