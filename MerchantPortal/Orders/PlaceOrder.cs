using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>Creates an order from products or from an amount, and holds the pieces of counted products for it.</summary>
public sealed class PlaceOrder(PortalWriter writer, TimeProvider time)
{
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(30);

    public Task<PlaceOrderResult> ExecuteAsync(NewOrder request, Actor actor, CancellationToken cancellationToken) =>
        PlaceOrderRules.FirstError(request) is { } error
            ? Task.FromResult<PlaceOrderResult>(error)
            : writer.WriteAsync((db, ct) => PlaceAsync(db, request, actor, ct), cancellationToken);

    private async Task<PlaceOrderResult> PlaceAsync(PortalDbContext db, NewOrder request, Actor actor, CancellationToken cancellationToken)
    {
        if (request.MerchantOrderNo is { } number
            && await db.Orders.AnyAsync(row => row.StoreId == actor.StoreId && row.MerchantOrderNo == number, cancellationToken))
        {
            // The unique index is the wall; this only turns it into a sentence.
            return new PlaceOrderResult.Refused("merchant_order_no_used", "There is an order with this merchant_order_no already.");
        }

        var (lines, refusal) = await TakeLinesAsync(db, request, actor, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var amount = request.Amount ?? lines.Sum(line => checked(line.UnitPrice * line.Quantity));
        if (amount is < 1 or > Money.MaxOrderAmount)
        {
            return new PlaceOrderResult.Refused("amount_out_of_range", "The amount must be between ¥0.01 and ¥100,000,000.00.");
        }

        var order = NewRow(request, actor, lines, amount);
        db.Orders.Add(order);
        await db.RecordAsync(order, TimelineKind.OrderCreated, actor, order.CreatedAt, cancellationToken,
            new Dictionary<string, string> { ["amount"] = Money.Display(amount) });
        return new PlaceOrderResult.Placed(order);
    }

    private static async Task<(List<OrderLine> Lines, PlaceOrderResult.Refused? Refusal)> TakeLinesAsync(
        PortalDbContext db, NewOrder request, Actor actor, CancellationToken cancellationToken)
    {
        var lines = new List<OrderLine>();
        foreach (var wanted in request.Lines)
        {
            var product = await db.Products.SingleOrDefaultAsync(
                row => row.Id == wanted.ProductId && row.StoreId == actor.StoreId && row.ArchivedAt == null, cancellationToken);
            if (product is null)
            {
                return (lines, new PlaceOrderResult.Refused("product_unknown", "A product of this order does not exist or is archived."));
            }

            if (product.Stock < wanted.Quantity)
            {
                return (lines, new PlaceOrderResult.Refused("out_of_stock", $"Only {product.Stock} of “{product.Name}” are left."));
            }

            product.Stock -= product.Stock is null ? null : wanted.Quantity;
            lines.Add(new OrderLine { ProductId = product.Id, Name = product.Name, UnitPrice = product.Price, Quantity = wanted.Quantity });
        }

        return (lines, null);
    }

    private Order NewRow(NewOrder request, Actor actor, List<OrderLine> lines, long amount)
    {
        var now = time.GetUtcNow();
        return new Order
        {
            // Lists page, and pick days, by id.
            Id = Guid.CreateVersion7(now),
            StoreId = actor.StoreId,
            Mode = request.Mode,
            Number = OrderNumber.New(now),
            CheckoutToken = OrderNumber.NewToken(),
            MerchantOrderNo = request.MerchantOrderNo,
            Subject = request.Subject ?? SubjectOf(lines),
            Amount = amount,
            Note = request.Note,
            ReturnUrl = request.ReturnUrl,
            MetadataJson = request.MetadataJson,
            CreatedAt = now,
            ExpiresAt = now + (request.ExpiresIn ?? DefaultLifetime),
            Lines = lines,
        };
    }

    private static string SubjectOf(List<OrderLine> lines)
    {
        var first = lines[0].Quantity > 1 ? $"{lines[0].Name} × {lines[0].Quantity}" : lines[0].Name;
        return lines.Count == 1 ? first : $"{first} + {lines.Count - 1}";
    }
}

/// <summary>Either <paramref name="Lines"/> or <paramref name="Amount"/> with <paramref name="Subject"/>.</summary>
/// <param name="Amount">分.</param>
/// <param name="MetadataJson">A JSON object, or null.</param>
public sealed record NewOrder(
    PaymentMode Mode,
    IReadOnlyList<NewOrderLine> Lines,
    long? Amount = null,
    string? Subject = null,
    string? MerchantOrderNo = null,
    TimeSpan? ExpiresIn = null,
    string? Note = null,
    string? ReturnUrl = null,
    string? MetadataJson = null);

public sealed record NewOrderLine(Guid ProductId, int Quantity);

public abstract record PlaceOrderResult
{
    public sealed record Placed(Order Order) : PlaceOrderResult;

    /// <param name="Code">Stable, for the API and for translation.</param>
    public sealed record Refused(string Code, string Message) : PlaceOrderResult;
}
