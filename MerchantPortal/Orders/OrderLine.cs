namespace MerchantPortal.Orders;

/// <summary>A product as it was when ordered: later changes of the product do not reach it. Amounts are 分.</summary>
public sealed class OrderLine
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid OrderId { get; init; }

    public required Guid ProductId { get; init; }

    public required string Name { get; init; }

    public required long UnitPrice { get; init; }

    public required int Quantity { get; init; }
}
