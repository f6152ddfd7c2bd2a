using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>A request to gateway.do that a registered partner has signed.</summary>
/// <param name="Fields">Query and form together, decoded once.</param>
internal sealed record MapiCall(SandboxMerchant Merchant, IReadOnlyDictionary<string, string> Fields)
{
    public string Service => Field("service") ?? "";

    public string? Field(string name) => Fields.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}

/// <summary>Lets in what a registered partner has signed.</summary>
internal sealed class MapiGate(SandboxWriter writer)
{
    /// <returns>The call; or why there is none, in the interface's own code.</returns>
    public async Task<(MapiCall? Call, string Error)> EnterAsync(IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        if (await PartnerAsync(fields.GetValueOrDefault("partner") ?? "", cancellationToken) is not { } merchant)
        {
            return (null, "ILLEGAL_PARTNER");
        }

        return fields.GetValueOrDefault(MapiWire.SignType) == MapiSigners.TypeOf(merchant)
            && MapiSigners.Holds(merchant, MapiWire.Bytes(fields), fields.GetValueOrDefault("sign") ?? "")
                ? (new MapiCall(merchant, fields), "")
                : (null, "ILLEGAL_SIGN");
    }

    /// <returns>Null for a partner that is not registered.</returns>
    public async Task<SandboxMerchant?> PartnerAsync(string partner, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await db.Merchants.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Channel == SandboxChannels.AlipayMapi && row.MerchantNo == partner, cancellationToken);
    }

    /// <returns>Null when a name occurs twice.</returns>
    public static async Task<Dictionary<string, string>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        IEnumerable<KeyValuePair<string, StringValues>> all = request.Query;
        if (request.HasFormContentType)
        {
            all = all.Concat(await request.ReadFormAsync(cancellationToken));
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        return all.All(field => field.Value.Count == 1 && fields.TryAdd(field.Key, field.Value.ToString())) ? fields : null;
    }
}
