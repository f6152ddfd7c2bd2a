using MerchantPortal.Accounts;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels;

public sealed class RefreshPlatformKeysTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Source _source = new();

    [Fact]
    public async Task A_download_that_ended_after_its_only_waiter_had_left_answers_nobody_else()
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(_clock).ConfigureServices(new FakeGateway().Register));
        var store = new Store { Name = "Shop" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        var account = await FakeGateway.AddAccountAsync(portal, store.Id);
        var refresh = portal.Get<RefreshPlatformKeys>();

        using var patience = new CancellationTokenSource();
        // Off this test's context, so that the download ends within the call that ends it.
        var first = Task.Run(() => refresh.ExecuteAsync(account, _source, patience.Token));
        var download = await _source.NextAsync();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Task.Run(() => download.SetException(new InvalidOperationException("of the first")));

        _clock.Advance(RefreshPlatformKeys.Window);
        var second = refresh.ExecuteAsync(account, _source, CancellationToken.None);
        (await _source.NextAsync()).SetResult(new KeyDownload.Downloaded([]));

        Assert.True((await second).Renewed);
    }

    /// <summary>A gateway whose answers come when the test gives them.</summary>
    private sealed class Source : IPlatformKeySource
    {
        private readonly System.Threading.Channels.Channel<TaskCompletionSource<KeyDownload>> _asked =
            System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource<KeyDownload>>();

        public bool DownloadsKeys => true;

        public string Channel => FakeChannelDefinition.Name;

        public Task<TaskCompletionSource<KeyDownload>> NextAsync() => _asked.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

        public Task<KeyDownload> DownloadKeysAsync(CancellationToken cancellationToken)
        {
            var answer = new TaskCompletionSource<KeyDownload>();
            _asked.Writer.TryWrite(answer);
            return answer.Task;
        }

        public Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Verification Verify(RawNotification raw) => throw new NotSupportedException();

        public Acknowledgement Acknowledge(CallbackStatus outcome) => throw new NotSupportedException();
    }
}
