using System.Buffers.Binary;
using MerchantPortal.Data;
using MerchantPortal.Orders;

namespace MerchantPortal.Checkout;

/// <summary>
/// What goes to the wallet and comes back with the payer: sealed, so that nobody can make one, for one order and account, and for a few
/// minutes. It takes the place of a cookie. Letters and digits only, 106 of them.
/// </summary>
public sealed class PayerState(SecretBox secrets, TimeProvider time)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int IdSize = 16;

    public string For(Order order, Guid accountId)
    {
        var plain = new byte[IdSize + sizeof(long)];
        accountId.TryWriteBytes(plain);
        BinaryPrimitives.WriteInt64BigEndian(plain.AsSpan(IdSize), (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        return Convert.ToHexStringLower(secrets.Seal(order.StoreId, Purpose(order), plain));
    }

    /// <returns>The account that asked; null when the state is forged, of another order, or too old.</returns>
    public Guid? AccountOf(Order order, string? state)
    {
        try
        {
            var plain = secrets.Open(order.StoreId, Purpose(order), Convert.FromHexString(state ?? ""));
            var expires = BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(IdSize));
            return time.GetUtcNow().ToUnixTimeMilliseconds() < expires ? new Guid(plain.AsSpan(0, IdSize)) : null;
        }
        catch (Exception exception) when (exception is FormatException or SecretUnreadableException)
        {
            return null;
        }
    }

    private static string Purpose(Order order) => $"payer-state:{order.Id:N}";
}
