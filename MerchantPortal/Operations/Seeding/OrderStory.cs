using System.Globalization;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Products;

namespace MerchantPortal.Operations.Seeding;

/// <summary>Tells one order's life in rows, from being placed to its end. Of a thousand: 885 paid, 80 expired, 30 refunded, 5 paid late.</summary>
internal sealed class OrderStory(Guid storeId, IReadOnlyList<Product> products, IReadOnlyList<ChannelAccount> accounts, SeededRandom random)
{
    private static readonly string[] Notes = ["少糖", "去冰", "打包", "到店自取", "靠窗的座位", "请开发票"];
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly Actor _shop = new(storeId, ActorKind.ApiKey, "", "Online shop");
    private readonly Actor _buyer = Actor.Buyer(storeId);
    private readonly Actor _portal = Actor.System(storeId);

    public void Tell(HistoryChunk chunk, DateTimeOffset at)
    {
        var order = Place(chunk, at);
        var ending = random.Share();
        if (ending < 0.08)
        {
            Expire(chunk, order, random.Share() < 0.6 ? Start(chunk, order, at.AddSeconds(random.Between(5, 600))) : null);
            return;
        }

        var attempt = Start(chunk, order, at.AddSeconds(random.Between(3, 120)));
        if (ending < 0.085)
        {
            Expire(chunk, order, attempt);
            Pay(chunk, order, attempt, order.ExpiresAt.AddSeconds(random.Between(30, 900)), TimelineKind.PaymentReceivedLate);
            return;
        }

        var paidAt = attempt.CreatedAt.AddSeconds(random.Between(5, 240));
        var payment = Pay(chunk, order, attempt, paidAt, TimelineKind.PaymentReceived);
        if (ending < 0.12 && ending >= 0.09)
        {
            Refund(chunk, order, attempt, payment, paidAt.AddSeconds(random.Between(60, 1_500)));
        }
    }

    private Order Place(HistoryChunk chunk, DateTimeOffset at)
    {
        var id = random.Id(at);
        var lines = Enumerable.Range(0, random.Share() < 0.7 ? 1 : random.Between(2, 3)).Select(_ => Line(id, at)).ToList();
        var order = new Order
        {
            Id = id,
            StoreId = storeId,
            Mode = PaymentMode.Test,
            Number = string.Create(CultureInfo.InvariantCulture, $"M{at.UtcDateTime:yyMMdd}{random.Text(10)}"),
            CheckoutToken = random.Token(),
            Subject = lines.Count == 1 ? lines[0].Name : $"{lines[0].Name} + {lines.Count - 1}",
            Amount = lines.Sum(line => line.UnitPrice * line.Quantity),
            Note = random.Share() < 0.06 ? random.Pick(Notes) : null,
            CreatedAt = at,
            ExpiresAt = at + Lifetime,
            Lines = lines,
        };
        chunk.Orders.Add(order);
        chunk.Record(order, TimelineKind.OrderCreated, _shop, at, new() { ["amount"] = Money.Display(order.Amount) });
        return order;
    }

    private OrderLine Line(Guid orderId, DateTimeOffset at)
    {
        var product = random.Pick(products);
        return new OrderLine
        {
            Id = random.Id(at),
            OrderId = orderId,
            ProductId = product.Id,
            Name = product.Name,
            UnitPrice = product.Price,
            Quantity = random.Share() < 0.75 ? 1 : random.Between(2, 4),
        };
    }

    private void Expire(HistoryChunk chunk, Order order, PaymentAttempt? attempt)
    {
        if (attempt is not null)
        {
            attempt.Status = AttemptStatus.Closed;
            chunk.Record(order, TimelineKind.AttemptClosed, _portal, order.ExpiresAt.AddSeconds(20), Data(attempt));
        }

        order.Status = OrderStatus.Closed;
        order.ClosedAt = order.ExpiresAt.AddSeconds(21);
        chunk.Record(order, TimelineKind.OrderClosed, _portal, order.ExpiresAt.AddSeconds(21));
    }

    private PaymentAttempt Start(HistoryChunk chunk, Order order, DateTimeOffset at)
    {
        var account = random.Pick(accounts);
        var attempt = new PaymentAttempt
        {
            Id = random.Id(at),
            StoreId = storeId,
            OrderId = order.Id,
            ChannelAccountId = account.Id,
            Method = account.Channel.StartsWith("wechat", StringComparison.Ordinal) ? PaymentMethod.Native : PaymentMethod.Page,
            OutTradeNo = $"{order.Number}{random.Text(6)}",
            Amount = order.Amount,
            Status = AttemptStatus.Prompted,
            CreatedAt = at,
            ExpiresAt = order.ExpiresAt,
        };
        chunk.Attempts.Add(attempt);
        var started = Data(attempt);
        started["method"] = attempt.Method.ToString();
        chunk.Record(order, TimelineKind.AttemptStarted, _buyer, at, started);
        chunk.Record(order, TimelineKind.AttemptPrompted, _buyer, at.AddMilliseconds(random.Between(80, 600)), Data(attempt));
        return attempt;
    }

    private Payment Pay(HistoryChunk chunk, Order order, PaymentAttempt attempt, DateTimeOffset at, TimelineKind kind)
    {
        var payment = NewPayment(attempt, DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()));
        chunk.Payments.Add(payment);
        chunk.Postings.Add(Posting.Of(payment));
        (attempt.Status, attempt.PaidAt, attempt.ChannelTransactionId) = (AttemptStatus.Paid, payment.PaidAt, payment.ChannelTransactionId);
        order.Flags = kind == TimelineKind.PaymentReceivedLate ? OrderFlags.PaidLate : OrderFlags.None;
        (order.Status, order.PaidAmount, order.PaidAt) = (OrderStatus.Paid, payment.Amount, payment.PaidAt);
        var told = Data(attempt);
        (told["amount"], told["transaction_id"]) = (Money.Display(payment.Amount), payment.ChannelTransactionId);
        chunk.Record(order, kind, Gateway(attempt), payment.RecordedAt, told);
        return payment;
    }

    private Payment NewPayment(PaymentAttempt attempt, DateTimeOffset at) => new()
    {
        Id = random.Id(at),
        StoreId = storeId,
        OrderId = attempt.OrderId,
        AttemptId = attempt.Id,
        ChannelAccountId = attempt.ChannelAccountId,
        ChannelTransactionId = $"{(attempt.Method == PaymentMethod.Native ? "4200" : "2026")}{random.Digits(24)}",
        Amount = attempt.Amount,
        IsSurplus = false,
        PayerMasked = $"****{random.Digits(4)}",
        PaidAt = at,
        RecordedAt = at.AddMilliseconds(random.Between(1_000, 1_800)),
    };

    private void Refund(HistoryChunk chunk, Order order, PaymentAttempt attempt, Payment payment, DateTimeOffset at)
    {
        var amount = random.Share() < 0.5 || order.Amount < 2 ? order.Amount : Math.Max(1, order.Amount / random.Between(2, 4));
        var refund = new Refund
        {
            Id = random.Id(at),
            StoreId = storeId,
            OrderId = order.Id,
            AttemptId = attempt.Id,
            ChannelAccountId = attempt.ChannelAccountId,
            PaymentId = payment.Id,
            RefundNo = $"{attempt.OutTradeNo}R1",
            Amount = amount,
            Status = RefundStatus.Succeeded,
            Reason = "客户退款",
            CreatedAt = at.AddSeconds(-3),
            SettledAt = at,
        };
        chunk.Refunds.Add(refund);
        chunk.Postings.Add(Posting.Of(refund, ofSurplus: false, at));
        payment.RefundReserved = amount;
        order.RefundedAmount = amount;
        order.Status = amount == order.Amount ? OrderStatus.Refunded : OrderStatus.PartiallyRefunded;
        chunk.Record(order, TimelineKind.RefundSucceeded, Gateway(attempt), at, new() { ["refund_no"] = refund.RefundNo, ["amount"] = Money.Display(amount) });
    }

    private Actor Gateway(PaymentAttempt attempt) =>
        Actor.Gateway(storeId, attempt.ChannelAccountId, accounts.First(account => account.Id == attempt.ChannelAccountId).Channel);

    private static Dictionary<string, string> Data(PaymentAttempt attempt) => new() { ["out_trade_no"] = attempt.OutTradeNo };
}
