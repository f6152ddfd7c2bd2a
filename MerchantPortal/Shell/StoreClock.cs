using MerchantPortal.Accounts;

namespace MerchantPortal.Shell;

/// <summary>The calendar of the signed-in person's store. One per circuit or request; asks the database once.</summary>
public sealed class StoreClock(CurrentActor currentActor, StoreQueries stores)
{
    private StoreTime? _time;

    public async ValueTask<StoreTime> GetAsync()
    {
        if (_time is null)
        {
            var actor = await currentActor.GetAsync();
            var store = await stores.GetAsync(actor.StoreId, CancellationToken.None);
            _time = StoreTime.Of(store.TimeZone, store.DayStartsAtHour);
        }

        return _time;
    }
}
