using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Support;

/// <summary>The line from the portal to one page's circuit: what comes can be held back and let go again, in its order.</summary>
internal sealed partial class SlowLine
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _held = [];
    private readonly TaskCompletionSource _heldSomething = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _holds;

    /// <summary>For pages that are opened from now on.</summary>
    public static async Task<SlowLine> OfAsync(IPage page)
    {
        var line = new SlowLine();
        await page.RouteWebSocketAsync(Circuit(), socket => socket.ConnectToServer().OnMessage(message => line.Pass(() => Send(socket, message))));
        return line;
    }

    public void Hold()
    {
        lock (_lock)
        {
            _holds = true;
        }
    }

    /// <summary>Completes when the portal has said something that the page has not heard.</summary>
    public Task HeldSomethingAsync() => _heldSomething.Task.WaitAsync(Patience.Limit);

    public void LetGo()
    {
        lock (_lock)
        {
            _holds = false;
            while (_held.TryDequeue(out var send))
            {
                send();
            }
        }
    }

    private void Pass(Action send)
    {
        lock (_lock)
        {
            if (!_holds)
            {
                send();
                return;
            }

            _held.Enqueue(send);
            _heldSomething.TrySetResult();
        }
    }

    private static void Send(IWebSocketRoute socket, IWebSocketFrame message)
    {
        if (message.Binary is { } bytes)
        {
            socket.Send(bytes);
        }
        else
        {
            socket.Send(message.Text ?? "");
        }
    }

    [GeneratedRegex("/_blazor")]
    private static partial Regex Circuit();
}
