using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Tests.Api;

/// <summary>An account of Alipay changes from key mode to certificate mode and back over the API.</summary>
public sealed class AlipayModesApiTests
{
    [Fact]
    public async Task An_account_changes_its_mode_by_a_new_form()
    {
        await using var shop = await ApiShop.OpenAsync();
        var register = shop.Portal.Get<RegisterSandboxMerchant>();
        var keys = await register.ExecuteAsync("alipay", CancellationToken.None) ?? throw new InvalidOperationException();
        var certificates = await register.ExecuteAsync("alipay", "certificate", CancellationToken.None) ?? throw new InvalidOperationException();
        var account = (await shop.PostAsync("/channel-accounts", Form(keys))).Must(201);

        var changed = (await shop.SendAsync(HttpMethod.Put, $"/channel-accounts/{account["id"]}", Form(certificates))).Must(200);
        Assert.Equal(["alipay_certificate", "alipay_root_certificate", "app_certificate", "app_private_key"], Names(changed));

        var back = (await shop.SendAsync(HttpMethod.Put, $"/channel-accounts/{account["id"]}", Form(keys))).Must(200);
        Assert.Equal(["alipay_public_key", "app_private_key"], Names(back));

        (await shop.SendAsync(HttpMethod.Put, $"/channel-accounts/{account["id"]}", Form(certificates, ("alipay_public_key", (string?)keys["alipay_public_key"]))))
            .MustFail(422, "invalid_fields");
    }

    private static string[] Names(JsonObject account) =>
        [.. account["fingerprints"]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)];

    private static string Form(JsonObject fields, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var form = (JsonObject)fields.DeepClone();
        (form["channel"], form["name"], form["mode"]) = ("alipay", "支付宝", "test");
        foreach (var (name, value) in more)
        {
            form[name] = value;
        }

        return form.ToJsonString();
    }
}
