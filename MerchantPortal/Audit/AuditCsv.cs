using System.Globalization;
using CsvHelper;
using MerchantPortal.Accounts;
using MerchantPortal.Shell;
using Microsoft.Net.Http.Headers;

namespace MerchantPortal.Audit;

/// <summary>
/// <c>GET /audit/export.csv</c> with the query string of the page. The last two columns prove the others: the hash of a line is the
/// SHA-256 of the hash before it and of the line's content.
/// </summary>
internal static class AuditCsv
{
    private static readonly string[] Headings = ["number", "at", "actor_kind", "actor", "action", "target", "reason", "correlation_id", "content", "hash"];

    public static void MapAuditExport(this IEndpointRouteBuilder app) => app.MapGet("/audit/export.csv", SendAsync);

    private static async Task SendAsync(HttpContext context, AuditQueries queries, StoreQueries stores, [AsParameters] AuditAddress address)
    {
        var actor = CurrentActor.Of(context.User) ?? throw new UnauthorizedAccessException("Nobody is signed in.");
        var store = await stores.GetAsync(actor.StoreId, context.RequestAborted);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = "audit.csv" }.ToString();
        await using var csv = CsvWriter.Create(
            context.Response.Body,
            new CsvWriterOptions { WriteByteOrderMark = true, Injection = CsvInjection.Escape, InjectionCharacters = "=@+-\t\r\n" },
            leaveOpen: true);
        await WriteAsync(csv, Headings, context.RequestAborted);
        var filter = address.ToFilter(StoreTime.Of(store.TimeZone, store.DayStartsAtHour));
        await foreach (var entry in queries.AllAsync(actor.StoreId, filter, context.RequestAborted))
        {
            await WriteAsync(csv, Fields(entry), context.RequestAborted);
        }
    }

    private static string[] Fields(AuditEntry entry) =>
    [
        entry.Number.ToString(CultureInfo.InvariantCulture), entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        entry.ActorKind.ToString(), entry.ActorName, entry.Action, entry.Target, entry.Reason ?? "", entry.CorrelationId ?? "", entry.Content(),
        Convert.ToHexStringLower(entry.Hash),
    ];

    private static async Task WriteAsync(CsvWriter csv, string[] fields, CancellationToken cancellationToken)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field);
        }

        await csv.EndRecordAsync(cancellationToken);
    }
}
