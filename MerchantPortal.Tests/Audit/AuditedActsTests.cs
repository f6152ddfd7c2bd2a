using System.Reflection;
using System.Text.Json.Nodes;
using MerchantPortal.Accounts;
using MerchantPortal.Api;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Products;
using MerchantPortal.Tests.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Audit;

/// <summary>Who did what, to what, from what to what: one entry per privileged act, in its commit.</summary>
public sealed class AuditedActsTests
{
    /// <summary>Commands that are no privileged acts, and why.</summary>
    private static readonly Dictionary<string, string> NotAudited = new()
    {
        ["PlaceOrder"] = "selling is what everybody does; the order's timeline names who",
        ["StartPayment"] = "buyers do it",
        ["RetireAttempt"] = "part of another command",
        ["RenewOrder"] = "gives a buyer more time; in the timeline",
        ["QueryAttempt"] = "asks, and believes only proof",
        ["QueryRefund"] = "asks, and believes only proof",
        ["QueryOrder"] = "asks, and believes only proof",
        ["RetryNotification"] = "the portal's own retry",
        ["SaveOrderNote"] = "in the timeline with its text",
        ["ArchiveProduct"] = "reversible and seen in the list",
        ["UploadProductImage"] = "stores a picture that nothing shows yet",
        ["TryPayment"] = "part of CheckChannelAccount",
        ["PlaceTrialOrder"] = "part of CheckChannelAccount",
        ["FetchBill"] = "TakeBill writes the entry",
        ["UploadBill"] = "TakeBill writes the entry",
        ["TryInSandbox"] = "makes its accounts through SaveChannelAccount",
        ["SettleRefund"] = "sends or asks about what RefundPayment wrote down; believes only proof",
    };

    [Fact]
    public void Every_command_of_a_person_is_audited_or_says_why_not()
    {
        var audit = typeof(AuditTrail).GetMethod(nameof(AuditTrail.AuditAsync)) ?? throw new InvalidOperationException("AuditAsync is gone.");
        var commands = typeof(AuditTrail).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && IsCommand(type)).ToList();

        Assert.True(commands.Count > 10, "No commands are seen.");
        Assert.Contains(commands, type => Calls(type, audit));
        Assert.Empty(commands.Where(type => !Calls(type, audit) && !NotAudited.ContainsKey(type.Name)).Select(type => type.Name));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Each_act_leaves_one_entry_with_who_and_what_and_from_what_to_what(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        foreach (var (action, target, before, after, act) in Acts(fixture))
        {
            var known = await CountAsync(fixture);
            await act();
            var entries = await fixture.Portal.ReadAsync(db => db.AuditEntries.OrderBy(entry => entry.Number).ToListAsync());
            Assert.True(entries.Count == known + 1, $"{action}: {entries.Count - known} entries");
            var entry = entries[^1];
            Assert.Equal((action, ActorKind.Person, "1", "Li Wei"), (entry.Action, entry.ActorKind, entry.ActorId, entry.ActorName));
            Assert.Contains(target, entry.Target, StringComparison.Ordinal);
            Assert.Contains(before, entry.BeforeJson, StringComparison.Ordinal);
            Assert.Contains(after, entry.AfterJson, StringComparison.Ordinal);
        }

        await fixture.Portal.AssertInvariantsAsync();
        Assert.DoesNotContain(await fixture.Portal.ReadAsync(db => db.AuditEntries.ToListAsync()), entry => entry.Content().Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_refused_rehearsed_or_done_by_the_portal_itself_leaves_none()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = await fixture.PromptedAsync();
        await fixture.PostAsync(message);
        var closed = await fixture.PlaceAsync();

        await fixture.Portal.Get<CloseOrder>().ExecuteAsync(closed.Id, Actor.System(fixture.Store.Id), CancellationToken.None);
        await fixture.Portal.Get<CloseOrder>().ExecuteAsync(closed.Id, fixture.Staff, CancellationToken.None);
        await fixture.ReplayAsync((await fixture.InboxAsync())[0].Id, dryRun: true);
        await fixture.Portal.Get<CreateApiKey>().ExecuteAsync("", ["*"], fixture.Staff, CancellationToken.None);
        await fixture.Portal.Get<SaveStoreSettings>().ExecuteAsync(new("", "UTC", 0, "en", null), fixture.Staff, CancellationToken.None);

        Assert.Equal(0, await CountAsync(fixture));
    }

    [Fact]
    public async Task Set_up_and_a_changed_password_are_the_owners_own_acts()
    {
        await using var portal = await PortalFactory.StartAsync();
        await portal.Get<CreateOwner>().ExecuteAsync(new("晨光咖啡", "Asia/Shanghai", 0, "zh-CN", "林晓", "lin@example.com", "quiet river under the bridge"), CancellationToken.None);
        using var client = new PortalClient(portal.Address);
        using var signedIn = await client.SignInAsync("lin@example.com", "quiet river under the bridge");
        using var changed = await client.SubmitAsync("/account/password", "password", new() { ["Input.Current"] = "quiet river under the bridge", ["Input.Next"] = "loud canary over the bridge" });

        var entries = await portal.ReadAsync(db => db.AuditEntries.OrderBy(entry => entry.Number).ToListAsync());
        Assert.Equal([AuditActions.OwnerCreated, AuditActions.PasswordChanged], entries.Select(entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal("林晓", entry.ActorName));
        Assert.DoesNotContain("canary", entries[1].Content(), StringComparison.Ordinal);
        Assert.NotNull(entries[1].CorrelationId);
    }

    private static IEnumerable<(string Action, string Target, string Before, string After, Func<Task> Act)> Acts(NotificationFixture fixture)
    {
        var portal = fixture.Portal;
        var staff = fixture.Staff;
        Guid key = default, account = default;
        yield return (AuditActions.StoreChanged, "晨光", "Shop", "Europe/Paris", () => portal.Get<SaveStoreSettings>().ExecuteAsync(new("晨光", "Europe/Paris", 4, "en", null), staff, default));
        yield return (AuditActions.EmbedOriginsChanged, "晨光", "origins", "https://tea.example", () => portal.Get<SaveEmbedOrigins>().ExecuteAsync("https://tea.example", staff, default));
        yield return (AuditActions.ApiKeyCreated, "till", "{}", "mp_", async () => key = ((CreateApiKeyResult.Created)await portal.Get<CreateApiKey>().ExecuteAsync("till", ["*"], staff, default)).Id);
        yield return (AuditActions.ApiKeyRevoked, "till", "mp_", "{}", () => portal.Get<RevokeApiKey>().ExecuteAsync(key, staff, default));
        yield return (AuditActions.ChannelAccountSaved, "Second", "{}", "fake-merchant", async () => account = await SaveAsync(null, "Second"));
        yield return (AuditActions.ChannelAccountSaved, "Third", "Second", "Third", () => SaveAsync(account, "Third"));
        yield return (AuditActions.ChannelAccountDisabled, "Third", "{}", "{}", () => portal.Get<DisableChannelAccount>().ExecuteAsync(account, true, staff, default));
        yield return (AuditActions.ChannelAccountEnabled, "Third", "{}", "{}", () => portal.Get<DisableChannelAccount>().ExecuteAsync(account, false, staff, default));
        yield return (AuditActions.ProductPriceChanged, "龙井", "38.00", "41.00", PriceAsync);
        yield return (AuditActions.OrderClosed, "", "{}", "12.80", async () => await portal.Get<CloseOrder>().ExecuteAsync((await fixture.PlaceAsync()).Id, staff, default));
        yield return (AuditActions.RefundRequested, "", "{}", "12.80", RefundAsync);
        yield return (AuditActions.CallbackReplayed, "", "Applied", "Duplicate", ReplayAsync);

        async Task PriceAsync()
        {
            var made = await portal.Get<SaveProduct>().ExecuteAsync(null, null, new("龙井", "", 3_800, null, null), staff, default);
            await portal.Get<SaveProduct>().ExecuteAsync(Assert.IsType<SaveProductResult.Saved>(made).Product.Id, null, new("龙井", "", 4_100, null, null), staff, default);
        }

        async Task RefundAsync()
        {
            await fixture.PostAsync(await fixture.PromptedAsync());
            var order = await portal.ReadAsync(db => db.Orders.SingleAsync(row => row.Status == OrderStatus.Paid));
            Assert.IsType<RefundPaymentResult.Taken>(await portal.Get<RefundPayment>().ExecuteAsync(new(order.Id, null, order.Amount, RefundReason.Defective, ""), staff, default));
        }

        async Task ReplayAsync()
        {
            await fixture.PostAsync(await fixture.PromptedAsync());
            await fixture.ReplayAsync((await fixture.InboxAsync())[0].Id);
        }

        async Task<Guid> SaveAsync(Guid? id, string name) => Assert.IsType<SaveChannelAccountResult.Saved>(await portal.Get<SaveChannelAccount>().ExecuteAsync(
            id, new(FakeChannelDefinition.Name, name, PaymentMode.Test, new JsonObject { ["key"] = "canary" }), staff, default)).AccountId;
    }

    private static Task<int> CountAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(db => db.AuditEntries.CountAsync());

    private static bool IsCommand(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Any(method => method.Name == "ExecuteAsync" && method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Actor)));

    /// <summary>Looks for the call in the code of the class and of what the compiler made of its lambdas and async methods.</summary>
    private static bool Calls(Type type, MethodInfo audit)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        byte[] call = [0x28, .. BitConverter.GetBytes(audit.MetadataToken)];
        return type.GetMethods(All).Any(method => method.GetMethodBody()?.GetILAsByteArray() is { } code && code.AsSpan().IndexOf(call) >= 0)
            || type.GetNestedTypes(All).Any(nested => Calls(nested, audit));
    }
}
