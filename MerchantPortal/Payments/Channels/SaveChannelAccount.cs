using System.Text.Json.Nodes;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Creates a channel account, or replaces its form. Secrets that a new form leaves out keep their values; all of them are sealed
/// before they reach the database and never leave again.
/// </summary>
public sealed class SaveChannelAccount(PortalWriter writer, PaymentChannels channels, PlatformKeyRefresher keys, TimeProvider time)
{
    /// <param name="accountId">Null for a new account.</param>
    public async Task<SaveChannelAccountResult> ExecuteAsync(
        Guid? accountId, ChannelAccountForm form, Actor actor, CancellationToken cancellationToken)
    {
        if (channels.Definition(form.Channel) is not { } definition)
        {
            return Invalid("channel", "There is no such channel.");
        }

        if (ChannelAccountFormRules.FirstError(form, definition) is { } error)
        {
            return error;
        }

        var result = await writer.WriteAsync((db, ct) => SaveAsync(db, accountId, form, definition, actor, ct), cancellationToken);
        if (result is SaveChannelAccountResult.Saved saved)
        {
            channels.Forget(saved.AccountId);
            if (definition.HandsOutKeys)
            {
                keys.Ask(saved.AccountId);
            }
        }

        return result;
    }

    private async Task<SaveChannelAccountResult> SaveAsync(
        PortalDbContext db, Guid? accountId, ChannelAccountForm form, IChannelDefinition definition, Actor actor, CancellationToken cancellationToken)
    {
        var account = accountId is { } id
            ? await db.ChannelAccounts.SingleOrDefaultAsync(row => row.Id == id && row.StoreId == actor.StoreId, cancellationToken)
            : null;
        if (accountId is not null && account is null)
        {
            return new SaveChannelAccountResult.Unknown();
        }

        if (account is not null && (account.Channel != form.Channel || account.Mode != form.Mode))
        {
            return account.Channel != form.Channel
                ? Invalid("channel", "The channel of an account cannot be changed; create another account.")
                : Invalid("mode", "The mode of an account cannot be changed; create another account.");
        }

        return definition.Read(account is null ? (JsonObject)form.Fields.DeepClone() : WithKeptSecrets(form.Fields, account, definition)) switch
        {
            ChannelFormResult.Invalid invalid => new SaveChannelAccountResult.Invalid(invalid.Errors),
            ChannelFormResult.Valid valid => new SaveChannelAccountResult.Saved(
                await WriteAsync(db, account, valid, form, actor, cancellationToken)),
            _ => throw new InvalidOperationException("A form is either valid or not."),
        };
    }

    private async Task<Guid> WriteAsync(
        PortalDbContext db, ChannelAccount? account, ChannelFormResult.Valid valid, ChannelAccountForm form, Actor actor, CancellationToken cancellationToken)
    {
        var id = account?.Id ?? Guid.CreateVersion7();
        var credentials = channels.SealForm(actor.StoreId, id, valid.Normalised);
        var fingerprints = KeyPrint.WriteAll(valid);
        if (account is null)
        {
            var added = new ChannelAccount
            {
                Id = id,
                StoreId = actor.StoreId,
                Channel = form.Channel,
                Name = form.Name.Trim(),
                Mode = form.Mode,
                MerchantId = valid.MerchantId,
                AppId = valid.AppId,
                SealedCredentials = credentials,
                FingerprintsJson = fingerprints,
                CreatedAt = time.GetUtcNow(),
            };
            db.ChannelAccounts.Add(added);
            await db.AuditAsync(actor, new(AuditActions.ChannelAccountSaved, added.Name, After: ChannelAccountFacts.Of(added)), time.GetUtcNow(), cancellationToken);
            return id;
        }

        var before = ChannelAccountFacts.Of(account);
        if (!JsonNode.DeepEquals(channels.ReadForm(account), valid.Normalised))
        {
            account.SealedCredentials = credentials;
            await PlatformKeyRows.StartOverAsync(db, account, cancellationToken);
        }

        (account.Name, account.MerchantId, account.AppId) = (form.Name.Trim(), valid.MerchantId, valid.AppId);
        account.FingerprintsJson = fingerprints;
        await db.AuditAsync(
            actor, AuditAct.Change(AuditActions.ChannelAccountSaved, account.Name, before, ChannelAccountFacts.Of(account)), time.GetUtcNow(), cancellationToken);
        return id;
    }

    private JsonObject WithKeptSecrets(JsonObject fields, ChannelAccount account, IChannelDefinition definition)
    {
        var merged = (JsonObject)fields.DeepClone();
        var old = channels.ReadForm(account);
        foreach (var field in definition.Fields.Where(field =>
            field.IsSecret && IsLeftOut(merged[field.Name]) && field.ReplacedBy.All(other => IsLeftOut(fields[other]))))
        {
            if (old[field.Name] is { } kept)
            {
                merged[field.Name] = kept.DeepClone();
            }
        }

        return merged;
    }

    private static bool IsLeftOut(JsonNode? value) =>
        value is null || (value is JsonValue text && text.TryGetValue<string>(out var given) && string.IsNullOrWhiteSpace(given));

    private static SaveChannelAccountResult.Invalid Invalid(string field, string message) =>
        new(new Dictionary<string, string> { [field] = message });
}

/// <param name="Fields">The channel's own fields, see <see cref="IChannelDefinition.Fields"/>.</param>
public sealed record ChannelAccountForm(string Channel, string Name, PaymentMode Mode, JsonObject Fields)
{
    /// <summary>Keys must not reach a log by way of a record that prints itself.</summary>
    public override string ToString() => $"{Channel} {Mode} {Name}";
}

public abstract record SaveChannelAccountResult
{
    public sealed record Saved(Guid AccountId) : SaveChannelAccountResult;

    /// <summary>The store has no such account.</summary>
    public sealed record Unknown : SaveChannelAccountResult;

    /// <param name="Errors">Field → what is wrong and what to do.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, string> Errors) : SaveChannelAccountResult;
}
