using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>Writes the staff's note on an order. Two people who write at once meet: the second is shown what the first wrote.</summary>
public sealed class SaveOrderNote(PortalWriter writer, TimeProvider time)
{
    public const int MaxLength = 2000;

    /// <param name="before">The note as the writer saw it; null when there was none.</param>
    /// <param name="note">Blank takes the note away.</param>
    public Task<SaveOrderNoteResult> ExecuteAsync(Guid orderId, string? before, string? note, Actor actor, CancellationToken cancellationToken)
    {
        var text = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        return PlaceOrderRules.Text("note", text, MaxLength) is null
            ? writer.WriteAsync((db, ct) => SaveAsync(db, orderId, before, text, actor, ct), cancellationToken)
            : Task.FromResult<SaveOrderNoteResult>(new SaveOrderNoteResult.Invalid());
    }

    private async Task<SaveOrderNoteResult> SaveAsync(
        PortalDbContext db, Guid orderId, string? before, string? note, Actor actor, CancellationToken cancellationToken)
    {
        var order = await db.Orders.SingleAsync(row => row.Id == orderId && row.StoreId == actor.StoreId, cancellationToken);
        if (order.Note == note)
        {
            return new SaveOrderNoteResult.Saved();
        }

        if ((order.Note ?? "") != (before ?? ""))
        {
            return new SaveOrderNoteResult.ChangedMeanwhile(order.Note);
        }

        order.Note = note;
        await db.RecordAsync(order, TimelineKind.NoteChanged, actor, time.GetUtcNow(), cancellationToken,
            note is null ? null : new Dictionary<string, string> { ["note"] = note });
        return new SaveOrderNoteResult.Saved();
    }
}

public abstract record SaveOrderNoteResult
{
    public sealed record Saved : SaveOrderNoteResult;

    /// <summary>Too long, or it contains control characters.</summary>
    public sealed record Invalid : SaveOrderNoteResult;

    /// <param name="Current">What somebody else wrote; null when they took it away.</param>
    public sealed record ChangedMeanwhile(string? Current) : SaveOrderNoteResult;
}
