using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Shell;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Tries an account without real money: its keys open and fit each other, our clock is the gateway's, gateways can reach us, the gateway
/// knows our signature and we know theirs; and in the sandbox a whole payment comes through.
/// </summary>
public sealed class CheckChannelAccount(
    PaymentChannels channels, TryPayment payment, PortalWriter writer, IHttpClientFactory http, PortalUrls urls, TimeProvider time)
{
    /// <summary>WeChat Pay refuses requests that are five minutes off; a clock that is a minute off is on its way there.</summary>
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>The steps for an account, in the order in which they are taken.</summary>
    public IReadOnlyList<string> Steps(PaymentMode mode) =>
        payment.Offers(mode) ? [.. ChannelCheckSteps.Always, ChannelCheckSteps.Payment] : ChannelCheckSteps.Always;

    /// <returns>Each step as soon as it is done; ends after the first when the store has no such account or its keys do not open.</returns>
    public async IAsyncEnumerable<ChannelCheck> ExecuteAsync(Guid accountId, Actor actor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (account, keys) = await OpenAsync(accountId, actor, cancellationToken);
        yield return keys;
        if (account is null)
        {
            yield break;
        }

        yield return await CompareClocksAsync(channels.GatewayOf(account.Account), cancellationToken);
        yield return await ReachAsync(account.Account, cancellationToken);
        yield return await AskAsync(account.Channel, cancellationToken);
        if (payment.Offers(account.Account.Mode))
        {
            yield return await PayAsync(account.Account, actor, cancellationToken);
        }
    }

    private async Task<(OpenAccount? Account, ChannelCheck Check)> OpenAsync(Guid accountId, Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            channels.Forget(accountId);
            if (await channels.FindAsync(accountId, cancellationToken) is not { } account || account.Account.StoreId != actor.StoreId)
            {
                return (null, new(ChannelCheckSteps.Keys, false, "There is no such account."));
            }

            return channels.Definition(account.Account.Channel)?.Read(channels.ReadForm(account.Account)) is ChannelFormResult.Invalid invalid
                ? (null, new(ChannelCheckSteps.Keys, false, string.Join(' ', invalid.Errors.Values)))
                : (account, new(ChannelCheckSteps.Keys, true, ""));
        }
        catch (Exception exception) when (exception is SecretUnreadableException or CryptographicException or FormatException or ArgumentException)
        {
            return (null, new(ChannelCheckSteps.Keys, false, exception is SecretUnreadableException ? exception.Message : "A stored key cannot be read; paste it again."));
        }
    }

    /// <summary>By the <c>Date</c> that every web server tells, whatever else it answers.</summary>
    private async Task<ChannelCheck> CompareClocksAsync(Uri gateway, CancellationToken cancellationToken)
    {
        try
        {
            using var client = http.CreateClient(GatewayResilience.HttpClientName);
            using var response = await client.GetAsync(gateway, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.Headers.Date is not { } theirs)
            {
                return new(ChannelCheckSteps.Clock, false, $"{gateway.Host} does not tell its time.");
            }

            var difference = time.GetUtcNow() - theirs;
            return difference.Duration() <= MaxClockDifference
                ? new(ChannelCheckSteps.Clock, true, "")
                : new(ChannelCheckSteps.Clock, false, string.Create(CultureInfo.InvariantCulture,
                    $"This server's clock is {Math.Abs(difference.TotalSeconds):0} s {(difference > TimeSpan.Zero ? "ahead" : "behind")}. Set it by NTP."));
        }
        catch (HttpRequestException exception)
        {
            return new(ChannelCheckSteps.Clock, false, $"{gateway.Host} cannot be reached from this server ({exception.HttpRequestError}).");
        }
    }

    private async Task<ChannelCheck> PayAsync(ChannelAccount account, Actor actor, CancellationToken cancellationToken)
    {
        await writer.WriteAsync(
            async (db, ct) =>
            {
                await db.AuditAsync(actor, new(AuditActions.TestPaymentMade, account.Name), time.GetUtcNow(), ct);
                return true;
            },
            cancellationToken);
        return await payment.ExecuteAsync(account.Id, channels.Definition(account.Channel)?.Methods ?? [], actor, cancellationToken) switch
        {
            TryPaymentResult.Paid paid => new(ChannelCheckSteps.Payment, true, paid.OrderNumber),
            TryPaymentResult.Stuck stuck => new(ChannelCheckSteps.Payment, false, stuck.Reason),
            _ => throw new InvalidOperationException("A try is paid or stuck."),
        };
    }

    /// <summary>Only our own address is ever called. A reading request must be refused as such: that answer is ours and leaves no trace.</summary>
    private async Task<ChannelCheck> ReachAsync(ChannelAccount account, CancellationToken cancellationToken)
    {
        var address = urls.Notify(account.Channel, account.Id);
        try
        {
            using var client = http.CreateClient(GatewayResilience.HttpClientName);
            using var response = await client.GetAsync(address, cancellationToken);
            return response.StatusCode == System.Net.HttpStatusCode.MethodNotAllowed && response.Content.Headers.Allow.Contains("POST")
                ? new(ChannelCheckSteps.NotifyUrl, true, address.AbsoluteUri)
                : new(ChannelCheckSteps.NotifyUrl, false, $"{address} answered {(int)response.StatusCode} instead of our notify address.");
        }
        catch (HttpRequestException exception)
        {
            return new(ChannelCheckSteps.NotifyUrl, false, $"{address} cannot be reached from this server ({exception.HttpRequestError}).");
        }
    }

    private static async Task<ChannelCheck> AskAsync(IPaymentChannel channel, CancellationToken cancellationToken) =>
        await channel.QueryAsync($"CHECK{RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 18)}", cancellationToken) switch
        {
            QueryResult.NotFound => new(ChannelCheckSteps.RoundTrip, true, ""),
            QueryResult.Unknown unknown => new(ChannelCheckSteps.RoundTrip, false, unknown.Reason),
            _ => new(ChannelCheckSteps.RoundTrip, false, "The gateway claims to know a number that was never used."),
        };
}

/// <param name="Detail">What to do, in English; or the address that was reached, or the order that was paid. Never a secret.</param>
public sealed record ChannelCheck(string Step, bool Ok, string Detail);

/// <summary>Stable names of the steps.</summary>
public static class ChannelCheckSteps
{
    public const string Keys = "keys";
    public const string Clock = "clock";
    public const string NotifyUrl = "notify_url";
    public const string RoundTrip = "round_trip";
    public const string Payment = "payment";

    /// <summary>Those that every account is put through.</summary>
    public static IReadOnlyList<string> Always { get; } = [Keys, Clock, NotifyUrl, RoundTrip];
}
