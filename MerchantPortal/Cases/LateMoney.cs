using System.Text.Json;

namespace MerchantPortal.Cases;

/// <summary>What a case of late money keeps about the pieces of its order.</summary>
public static class LateMoney
{
    /// <summary>Names the value in the case's data: <see cref="Taken"/> or <see cref="Gone"/>.</summary>
    public const string Stock = "stock";

    /// <summary>Held for the order once more, or never counted.</summary>
    public const string Taken = "taken";

    /// <summary>Sold to others meanwhile.</summary>
    public const string Gone = "gone";

    public static bool PiecesAreGone(Case found) =>
        found.Kind == CaseKind.LateMoney && JsonSerializer.Deserialize<Dictionary<string, string>>(found.DataJson)?.GetValueOrDefault(Stock) == Gone;
}
