using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MerchantPortal.Data;

/// <summary>
/// Lets one writer at a time reach SQLite, in order of arrival: a file that many threads want to write is slow, unfair and blocks
/// threads. Bounded, so that a stuck disk turns into a prompt "busy" and not into a pile of requests. PostgreSQL needs none of it.
/// </summary>
public sealed class WriteGate : IDisposable
{
    /// <summary>Waiting writers; at some thousand writes a second this is about a second's worth.</summary>
    private const int MaxWaiting = 2_000;

    private readonly SemaphoreSlim _one = new(1, 1);
    private int _waiting;

    /// <exception cref="DatabaseBusyException">Too many are waiting already; nothing has been done.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new DatabaseBusyException();
        }

        try
        {
            await _one.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return new Turn(_one);
    }

    public void Dispose() => _one.Dispose();

    private sealed class Turn(SemaphoreSlim one) : IDisposable
    {
        private SemaphoreSlim? _one = one;

        public void Dispose() => Interlocked.Exchange(ref _one, null)?.Release();
    }
}

/// <summary>The database takes no more writes now; the caller may try again.</summary>
public sealed class DatabaseBusyException() : Exception("The database is busy.");

/// <summary>Takes the gate around each save of a context that is not <see cref="PortalWriter"/>'s own.</summary>
internal sealed class GatedSaveChanges(WriteGate gate) : SaveChangesInterceptor
{
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<DbContext, IDisposable> _turns = [];

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } context)
        {
            _turns.AddOrUpdate(context, await gate.EnterAsync(cancellationToken));
        }

        return result;
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context);
        return Task.CompletedTask;
    }

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context);
        return Task.CompletedTask;
    }

    private void Leave(DbContext? context)
    {
        if (context is not null && _turns.TryGetValue(context, out var turn))
        {
            _turns.Remove(context);
            turn.Dispose();
        }
    }
}
