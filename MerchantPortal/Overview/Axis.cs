using System.Globalization;

namespace MerchantPortal.Overview;

/// <summary>Labels of a money axis: whole yuan, since an axis needs no cents.</summary>
internal static class Axis
{
    /// <param name="value">分, in whatever number type the chart counts.</param>
    public static string Label(object value)
    {
        var fen = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        return fen % 100 == 0 ? Money.Display(fen)[..^3] : Money.Display(fen);
    }
}
