using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Simulation;

/// <summary>
/// One order from its placing until all is settled: buyers, staff, the portal's own jobs and the gateway act in the order that a seed gives,
/// and everything that can be lost, late, repeated or cut off is, until the faults end.
/// </summary>
internal sealed class SimulatedLife
{
    private const int MostTransactions = 3;
    private const int RoundsToRest = 14;

    private readonly Random _random;
    private readonly FakeTimeProvider _time = new();
    private readonly List<PaymentAttempt> _offered = [];
    private readonly WorkUnderWay _underWay;
    private readonly List<string>? _story;
    private readonly SimulatedGateway _gateway;
    private readonly SimulatedShop _shop;
    private readonly LifeModel _model;
    private readonly PortalWork _work;
    private int _numbers;

    private SimulatedLife(int seed, Decide decide, List<string>? story)
    {
        _random = new Random(seed);
        _story = story;
        _underWay = new WorkUnderWay(_random);
        var manner = new GatewayManner(TellsSums: _random.Next(2) == 0, KnowsConsole: _random.Next(4) > 0, FailsPercent: _random.Next(4) * 10, LagsPercent: _random.Next(3) * 15);
        _gateway = new SimulatedGateway(_random, _time, manner);
        _shop = new SimulatedShop(decide, _time, amount: _random.Next(4) == 0 ? _random.Next(1, 4) : _random.Next(2, 100_000));
        _model = new LifeModel(_gateway, _shop);
        _work = new PortalWork(_shop, _gateway, _model);
        (_shop.OnHearing, _shop.OnProving) = (_model.Hear, _gateway.Complete);
    }

    public SimulatedGateway Gateway => _gateway;

    public IReadOnlyList<SimulatedMessage> Told => [.. _shop.Inbox.Select(capture => capture.Message).Distinct()];

    /// <returns>What went wrong first; null when nothing did.</returns>
    public static string? Run(int seed, Decide decide, List<string>? story = null) => Run(seed, decide, story, out _);

    /// <param name="life">As it ended.</param>
    public static string? Run(int seed, Decide decide, List<string>? story, out SimulatedLife life)
    {
        life = new SimulatedLife(seed, decide, story);
        try
        {
            return life.Live() ?? life.Rest();
        }
        catch (Exception exception) when (exception is InvalidOperationException or NullReferenceException)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    private string? Live()
    {
        for (var steps = _random.Next(20, 70); steps > 0; steps--)
        {
            _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 40)));
            var (act, what) = Act(_random.Next(100));
            _story?.Add($"{act} {what}".TrimEnd());
            if (what.Length > 0 && _model.FindWrong() is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <returns>Who acted, and what was done; nothing where there was nothing to do.</returns>
    private (string Act, string What) Act(int dice) => dice switch
    {
        < 10 => ("buyer starts", _underWay.Begin(StartPayment())),
        < 21 => ("buyer", Pay()),
        < 24 => ("another buyer", PayAgain()),
        < 50 => ("gateway tells", Deliver()),
        < 66 => ("portal", _underWay.GoOn()),
        < 71 => ("staff closes", _underWay.Begin(_work.CloseOrder())),
        < 77 => ("portal asks", Pick(_shop.Attempts) is { } attempt ? _underWay.Begin(_work.Ask(attempt)) : ""),
        < 83 => ("staff refunds", RefundSome()),
        < 86 => ("console refunds", RefundInConsole()),
        < 90 => ("refund job", Pick(_shop.Refunds) is { } refund ? _underWay.Begin(_work.Settle(refund)) : ""),
        < 93 => ("gateway", Work()),
        < 95 => ("staff replays", Pick(_shop.Inbox) is { } capture ? Replay(capture) : ""),
        < 97 => ("contradiction", Contradict()),
        _ => ("time passes", Retry(TimeSpan.FromSeconds(_random.Next(1, 4_000)))),
    };

    private string? Rest()
    {
        _gateway.IsUnreliable = false;
        for (var round = 0; round < RoundsToRest; round++)
        {
            _underWay.FinishAll();
            foreach (var message in _gateway.Outbox.Where(message => !message.IsLost && !message.IsAnswered).ToList())
            {
                Receive(message);
            }

            _gateway.Work();
            Retry(TimeSpan.FromHours(7));
            // After its last retry a message waits for a person.
            _shop.Inbox.Where(capture => capture is { Status: CallbackStatus.Deferred, RetryAt: null }).ToList().ForEach(_shop.Process);
            WorkUnderWay.Finish(_shop.Refunds.Select(_work.Settle));
            WorkUnderWay.Finish(_shop.Attempts.Where(attempt => attempt.Status is AttemptStatus.Created or AttemptStatus.Prompted or AttemptStatus.Closed)
                .Select(_work.Ask));
            _story?.Add($"at rest, round {round}: {_shop.Order.Status}");
            if (_model.FindWrong() is { } wrong)
            {
                return wrong;
            }
        }

        // A person follows up the cases in which the three who know do not say the same, and asks once more.
        WorkUnderWay.Finish(_shop.Attempts.Where(attempt => Witnesses.Of(attempt).Verdict == WitnessVerdict.Disagree).Select(_work.Ask));
        return _model.FindWrongAtRest();
    }

    private IEnumerable<string> StartPayment()
    {
        if (_shop.Order.Status != OrderStatus.Pending || _numbers >= MostTransactions)
        {
            yield break;
        }

        if (_shop.OpenAttempt is { } open)
        {
            foreach (var step in _work.Retire(open))
            {
                yield return step;
            }

            if (_shop.OpenAttempt is not null || _shop.Order.Status != OrderStatus.Pending)
            {
                yield break;
            }
        }

        var attempt = _shop.NewAttempt($"A{++_numbers}");
        var isQuicker = _gateway.Chance(15);
        if (!isQuicker)
        {
            _shop.Attempts.Add(attempt);
        }

        // At Alipay the number is not known before the buyer has come.
        if (!_gateway.TellsSums || _gateway.Chance(50))
        {
            _gateway.Create(attempt);
        }

        _offered.Add(attempt);
        yield return $"{attempt.OutTradeNo} at the gateway";
        if (isQuicker)
        {
            yield return "its commit is late";
            _shop.Attempts.Add(attempt);
        }

        attempt.Status = attempt.Status == AttemptStatus.Created ? AttemptStatus.Prompted : attempt.Status;
        yield return $"{attempt.OutTradeNo} prompted";
    }

    private string Pay()
    {
        if (Pick(_offered) is not { } attempt || _gateway.Taken.Count() >= MostTransactions)
        {
            return "";
        }

        _gateway.Create(attempt);
        return _gateway.Pay(attempt.OutTradeNo) ? $"pays {attempt.OutTradeNo}" : "";
    }

    private string PayAgain() =>
        Pick(_offered) is { } attempt && _gateway.Taken.Count() < MostTransactions && _gateway.Pay(attempt.OutTradeNo, again: true) ? $"pays {attempt.OutTradeNo}, too" : "";

    private string Deliver()
    {
        var repeats = _gateway.Chance(20);
        if (Pick(_gateway.Outbox.Where(message => !message.IsLost && message.IsAnswered == repeats).ToList()) is not { } message)
        {
            return "";
        }

        switch (_random.Next(100))
        {
            case < 15:
                return $"{Words(message)}: lost, or the process died before its commit";
            case < 30:
                _shop.Receive(message);
                return $"{Words(message)}: committed, the answer is lost";
            default:
                return $"{Words(message)}: {Receive(message)}";
        }
    }

    private CallbackStatus Receive(SimulatedMessage message)
    {
        var outcome = _shop.Receive(message).Status;
        message.IsAnswered = outcome is not (CallbackStatus.Deferred or CallbackStatus.Rejected);
        return outcome;
    }

    private string RefundSome()
    {
        if (Pick(_shop.Payments) is not { } payment)
        {
            return "";
        }

        var left = payment.Amount - payment.RefundReserved;
        var some = _gateway.Chance(40) ? left : _random.NextInt64(1, payment.Amount + 1);
        return some > 0 && _shop.Reserve(payment, some) is { } refund ? $"{some} of {payment.ChannelTransactionId}; {_underWay.Begin(_work.Settle(refund))}" : "";
    }

    private string RefundInConsole()
    {
        if (Pick(_gateway.Taken.ToList()) is not { } taken)
        {
            return "";
        }

        var some = _random.NextInt64(1, taken.Trade.Amount + 1);
        _gateway.RefundInConsole(taken, some);
        return $"{some} of {taken.Id}";
    }

    private string Work()
    {
        _gateway.Work();
        return "works";
    }

    private string Replay(SimulatedCapture capture)
    {
        _shop.Process(capture);
        return $"{Words(capture.Message)}: {capture.Status}";
    }

    private string Contradict()
    {
        if (Contradictions.Make(_random, _shop) is not { } message)
        {
            return "";
        }

        return $"{Words(message)}: {_shop.Receive(message).Status}";
    }

    private string Retry(TimeSpan later)
    {
        _time.Advance(later);
        var due = _shop.Inbox.Where(capture => capture.RetryAt <= _time.GetUtcNow()).ToList();
        due.ForEach(_shop.Process);
        return string.Join("; ", due.Select(capture => $"{Words(capture.Message)}: {capture.Status}"));
    }

    private T? Pick<T>(IReadOnlyList<T> from)
        where T : class => from.Count == 0 ? null : from[_random.Next(from.Count)];

    private string Words(SimulatedMessage message) => _story is null
        ? "."
        : $"{message.Fact.Kind} {message.Fact.OutTradeNo} {message.Fact.ChannelTransactionId} {message.Fact.Refund}".TrimEnd();
}
