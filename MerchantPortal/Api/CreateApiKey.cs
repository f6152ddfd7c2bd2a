using System.Buffers.Text;
using System.Security.Cryptography;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;

namespace MerchantPortal.Api;

/// <summary>Makes a key for a merchant's system. Its text exists only in the answer; the portal keeps the hash.</summary>
public sealed class CreateApiKey(PortalWriter writer, TimeProvider time)
{
    private const int PrefixLength = 10;

    public async Task<CreateApiKeyResult> ExecuteAsync(string name, IReadOnlyCollection<string> scopes, Actor actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 200 || name.Any(char.IsControl))
        {
            return new CreateApiKeyResult.Refused("name_invalid");
        }

        if (scopes.Count == 0 || scopes.Except([ApiScopes.Everything, .. ApiScopes.All]).Any())
        {
            return new CreateApiKeyResult.Refused("scopes_invalid");
        }

        var text = $"mp_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        var key = new ApiKey
        {
            StoreId = actor.StoreId,
            Name = name.Trim(),
            Prefix = text[..PrefixLength],
            Hash = ApiKeyQueries.HashOf(text),
            Scopes = string.Join(' ', scopes.Distinct()),
            CreatedAt = time.GetUtcNow(),
        };
        await writer.WriteAsync(
            async (db, ct) =>
            {
                db.ApiKeys.Add(key);
                await db.AuditAsync(actor, new(AuditActions.ApiKeyCreated, key.Name, After: RevokeApiKey.Facts(key)), key.CreatedAt, ct);
                return true;
            },
            cancellationToken);
        return new CreateApiKeyResult.Created(key.Id, text);
    }
}

public abstract record CreateApiKeyResult
{
    /// <param name="Key">The whole key, to be shown once.</param>
    public sealed record Created(Guid Id, string Key) : CreateApiKeyResult
    {
        public override string ToString() => $"API key {Id}";
    }

    /// <param name="Code">Stable, for translation: <c>name_invalid</c> or <c>scopes_invalid</c>.</param>
    public sealed record Refused(string Code) : CreateApiKeyResult;
}
