using MerchantPortal.Accounts;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// One replay in bulk: what was chosen, what each dry run foretold, what happened. Lives in this process and survives leaving the
/// page, not a restart: then the rows that were done are done, and the rest is chosen anew.
/// </summary>
public sealed class BulkReplayJob(Guid id, Actor actor, NotificationFilter filter, DateTimeOffset createdAt) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private IReadOnlyList<BulkReplayRow> _rows = [];

    public Guid Id { get; } = id;

    public Actor Actor { get; } = actor;

    public NotificationFilter Filter { get; } = filter;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public BulkReplayState State { get; private set; } = BulkReplayState.Previewing;

    /// <summary>Why the run replays them; null before it has started.</summary>
    public string? Reason { get; private set; }

    /// <summary>How many match the filter, also those beyond the limit of one job.</summary>
    public int Matching { get; private set; }

    public IReadOnlyList<BulkReplayRow> Rows => _rows;

    public int Done => _rows.Count(row => row.Result is not null);

    /// <summary>Raised on any thread after each step.</summary>
    public event Action? Changed;

    internal CancellationToken Cancelled => _cancelled.Token;

    internal void Begin(int matching, IReadOnlyList<BulkReplayRow> rows)
    {
        Matching = matching;
        _rows = rows;
        Changed?.Invoke();
    }

    internal void Set(BulkReplayRow row)
    {
        _rows = [.. _rows.Select(known => known.Id == row.Id ? row : known)];
        Changed?.Invoke();
    }

    internal void Enter(BulkReplayState state)
    {
        State = state;
        Changed?.Invoke();
    }

    /// <returns>False when the job is not ready to run, or runs already.</returns>
    internal bool TryStart(string reason)
    {
        lock (_cancelled)
        {
            if (State != BulkReplayState.Ready)
            {
                return false;
            }

            Reason = reason;
            State = BulkReplayState.Running;
        }

        Changed?.Invoke();
        return true;
    }

    internal void Cancel() => _cancelled.Cancel();

    public void Dispose() => _cancelled.Dispose();
}

/// <param name="Predicted">What the dry run foretold; null before it was made.</param>
/// <param name="Result">What happened; null while it has not.</param>
public sealed record BulkReplayRow(Guid Id, string Subject, BulkReplayOutcome? Predicted, BulkReplayOutcome? Result);

/// <param name="Refused">The replay policy said no; the row is left out.</param>
public sealed record BulkReplayOutcome(CallbackStatus Status, string Reason, bool Refused = false);

public enum BulkReplayState
{
    Previewing,

    /// <summary>Every row has its prediction; a person decides.</summary>
    Ready,
    Running,
    Completed,

    /// <summary>Stopped by itself: an outcome differed from its dry run.</summary>
    Stopped,
    Cancelled,

    /// <summary>Ended by an error; what was done is done.</summary>
    Failed,
}
