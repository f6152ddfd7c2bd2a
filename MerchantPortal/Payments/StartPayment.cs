using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>
/// Offers an order through one channel account: an open attempt of the same way goes on under its number, with a fresh prompt where the
/// old one is past its time; any other is closed at the gateway first. Our number is durable before the gateway hears of it, so an
/// answer that got lost can be asked for again.
/// </summary>
public sealed class StartPayment(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, RetireAttempt retire, PortalWriter writer, StartPaymentContext context)
{
    public async Task<StartPaymentResult> ExecuteAsync(StartPaymentRequest request, Actor actor, CancellationToken cancellationToken)
    {
        var order = await FindOrderAsync(request.OrderId, actor, cancellationToken);
        if (order is null)
        {
            return StartPaymentResult.Refused.UnknownOrder;
        }

        var account = await channels.FindAsync(request.ChannelAccountId, cancellationToken);
        if (account is null || account.Account.StoreId != actor.StoreId || account.Account.DisabledAt is not null)
        {
            return StartPaymentResult.Refused.UnknownAccount;
        }

        if (Refusal(order, account.Account, request) is { } refusal)
        {
            return refusal;
        }

        return await RetireOtherAsync(order, request, actor, cancellationToken) ?? await StartAsync(order, account, request, actor, cancellationToken);
    }

    private async Task<StartPaymentResult> StartAsync(
        Order order, OpenAccount account, StartPaymentRequest request, Actor actor, CancellationToken cancellationToken)
    {
        var attempt = await writer.WriteAsync((db, ct) => OpenAsync(db, request, actor, ct), cancellationToken);
        if (attempt is null)
        {
            return StartPaymentResult.Refused.NotPayable;
        }

        if (attempt.PromptAt(context.Time.GetUtcNow()) is not null)
        {
            return new StartPaymentResult.Started(attempt);
        }

        var result = await CreateAtGatewayAsync(order, attempt, account, request, actor, cancellationToken);
        // A gateway that has no fresh prompt for a number which it took before must not keep the buyer from paying: that number is
        // closed there, and the way starts again under another one.
        return result is StartPaymentResult.Refused && attempt.Status == AttemptStatus.Prompted
            ? await RetireAsync(attempt.Id, actor, cancellationToken) ?? await StartAsync(order, account, request, actor, cancellationToken)
            : result;
    }

    private StartPaymentResult.Refused? Refusal(Order order, ChannelAccount account, StartPaymentRequest request) =>
        account.Mode != order.Mode ? StartPaymentResult.Refused.ModeMismatch
        : channels.Definition(account.Channel) is not { } definition || !definition.Methods.Contains(request.Method) ? StartPaymentResult.Refused.MethodNotSupported
        : request.Bank is { } bank && definition.Banks.Count > 0 && !definition.Banks.Contains(bank) ? StartPaymentResult.Refused.UnknownBank
        : order.Status != OrderStatus.Pending ? StartPaymentResult.Refused.NotPayable
        : context.Jumps.EndOf(order.ExpiresAt, order.CreatedAt) <= context.Time.GetUtcNow() ? StartPaymentResult.Refused.Expired
        : null;

    private async Task<Order?> FindOrderAsync(Guid orderId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Orders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == orderId && row.StoreId == actor.StoreId, cancellationToken);
    }

    /// <returns>Null when the way is free.</returns>
    private async Task<StartPaymentResult?> RetireOtherAsync(Order order, StartPaymentRequest request, Actor actor, CancellationToken cancellationToken)
    {
        PaymentAttempt? open;
        await using (var db = contexts.CreateDbContext())
        {
            open = await db.Attempts.AsNoTracking().SingleOrDefaultAsync(OpenOf(order.Id), cancellationToken);
        }

        return open is null || IsSameWay(open, request) ? null : await RetireAsync(open.Id, actor, cancellationToken);
    }

    /// <returns>Null when the way is free.</returns>
    private async Task<StartPaymentResult?> RetireAsync(Guid attemptId, Actor actor, CancellationToken cancellationToken) =>
        await retire.ExecuteAsync(attemptId, actor, cancellationToken) switch
        {
            RetireResult.Retired => null,
            RetireResult.Paid => StartPaymentResult.Refused.NotPayable,
            RetireResult.CannotTell unclear => new StartPaymentResult.CannotTell(unclear.Reason),
            _ => throw new InvalidOperationException("A retired attempt is retired, paid or unclear."),
        };

    /// <returns>The open attempt, or a new one; null when the order cannot be paid any more.</returns>
    private async Task<PaymentAttempt?> OpenAsync(PortalDbContext db, StartPaymentRequest request, Actor actor, CancellationToken cancellationToken)
    {
        var order = await db.Orders.SingleAsync(row => row.Id == request.OrderId, cancellationToken);
        var open = await db.Attempts.SingleOrDefaultAsync(OpenOf(order.Id), cancellationToken);
        if (order.Status != OrderStatus.Pending || open is not null)
        {
            // Somebody else opened one meanwhile: theirs is as good where it is the same, and in the way where it is not.
            return order.Status == OrderStatus.Pending && open is not null && IsSameWay(open, request) ? open : null;
        }

        var now = context.Time.GetUtcNow();
        var attempt = new PaymentAttempt
        {
            StoreId = order.StoreId,
            OrderId = order.Id,
            ChannelAccountId = request.ChannelAccountId,
            Method = request.Method,
            OutTradeNo = OrderNumber.NewOutTradeNo(order.Number),
            Amount = order.Amount,
            CreatedAt = now,
            ExpiresAt = context.Jumps.EndOf(order.ExpiresAt, order.CreatedAt),
            QueryAt = QuerySchedule.First(now),
        };
        db.Attempts.Add(attempt);
        // Opening and closing must meet: each raises the order's version, so the later of the two decides again.
        db.Entry(order).Property(row => row.Version).IsModified = true;
        await db.RecordAsync(order, TimelineKind.AttemptStarted, actor, now, cancellationToken,
            new Dictionary<string, string> { ["out_trade_no"] = attempt.OutTradeNo, ["method"] = request.Method.ToString() });
        return attempt;
    }

    private async Task<StartPaymentResult> CreateAtGatewayAsync(
        Order order, PaymentAttempt attempt, OpenAccount account, StartPaymentRequest request, Actor actor, CancellationToken cancellationToken)
    {
        var result = await account.Channel.CreateAsync(
            new CreatePayment(attempt.OutTradeNo, attempt.Amount, order.Subject, attempt.Method, attempt.ExpiresAt,
                context.Urls.Notify(account.Account.Channel, account.Account.Id), context.Urls.CheckoutReturn(order.CheckoutToken),
                request.ClientIp, request.OpenId, request.Bank),
            cancellationToken);
        if (result is CreateResult.Prompted prompted)
        {
            result = prompted with { Prompt = prompted.Prompt with { MadeFor = MadeFor(attempt, request) } };
        }

        if (result is CreateResult.Unknown unknown)
        {
            // The attempt stays: the next try asks again under the same number.
            return new StartPaymentResult.CannotTell(unknown.Reason);
        }

        var updated = await writer.WriteAsync((db, ct) => RecordAnswerAsync(db, attempt.Id, result, actor, ct), cancellationToken);
        return result is CreateResult.Refused refused
            ? new StartPaymentResult.Refused(refused.Code, refused.Message)
            : new StartPaymentResult.Started(updated);
    }

    private async Task<PaymentAttempt> RecordAnswerAsync(
        PortalDbContext db, Guid attemptId, CreateResult result, Actor actor, CancellationToken cancellationToken)
    {
        var attempt = await db.Attempts.SingleAsync(row => row.Id == attemptId, cancellationToken);
        var order = await db.Orders.SingleAsync(row => row.Id == attempt.OrderId, cancellationToken);
        var data = new Dictionary<string, string> { ["out_trade_no"] = attempt.OutTradeNo };
        if (result is CreateResult.Prompted prompted)
        {
            attempt.PromptJson = JsonSerializer.Serialize(prompted.Prompt);
        }

        // The notification may have been quicker than the answer to the create call: then the status stands.
        if (attempt.Status != AttemptStatus.Created)
        {
            return attempt;
        }

        if (result is CreateResult.Refused refused)
        {
            attempt.End(AttemptStatus.Failed, context.Time.GetUtcNow());
            attempt.FailureReason = data["reason"] = $"{refused.Code}: {refused.Message}";
        }
        else
        {
            attempt.Status = AttemptStatus.Prompted;
        }

        await db.RecordAsync(order, attempt.Status == AttemptStatus.Failed ? TimelineKind.AttemptFailed : TimelineKind.AttemptPrompted,
            actor, context.Time.GetUtcNow(), cancellationToken, data);
        return attempt;
    }

    /// <summary>
    /// True when the open attempt goes on, under its number. What was made for one bank or payer is no use to another: the gateway would
    /// show the wrong one, or refuse.
    /// </summary>
    private bool IsSameWay(PaymentAttempt open, StartPaymentRequest request) =>
        open.ChannelAccountId == request.ChannelAccountId && open.Method == request.Method
        && context.Jumps.EndOf(open.ExpiresAt, open.CreatedAt) > context.Time.GetUtcNow()
        && (open.ReadPrompt() is not { } prompt || prompt.MadeFor == MadeFor(open, request));

    /// <returns>The bank, or a mark that tells payers apart and does not name them; null when neither was given.</returns>
    private static string? MadeFor(PaymentAttempt attempt, StartPaymentRequest request) =>
        request is { Method: PaymentMethod.Jsapi, OpenId: { } payer }
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt.OutTradeNo}|{payer}")).AsSpan(0, 8))
            : request.Bank;

    private static System.Linq.Expressions.Expression<Func<PaymentAttempt, bool>> OpenOf(Guid orderId) =>
        row => row.OrderId == orderId && (row.Status == AttemptStatus.Created || row.Status == AttemptStatus.Prompted);
}
