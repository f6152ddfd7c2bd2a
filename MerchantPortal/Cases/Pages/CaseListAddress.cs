namespace MerchantPortal.Cases.Pages;

/// <summary>What the address of the list says. What it says wrongly counts as not said.</summary>
public sealed record CaseListAddress(bool IsDone = false, CaseKind? Kind = null, string? Owner = null, Guid? Before = null, Guid? Case = null)
{
    public const string Done = "done";
    public const string Mine = "me";
    public const string Nobody = "nobody";

    /// <summary>Without the reader, whom the address does not name.</summary>
    public CaseFilter Filter => new(IsDone, Kind, Unowned: Owner == Nobody);

    public bool IsNarrowed => Kind is not null || Owner is not null;

    public static CaseListAddress Read(string? tab, string? kind, string? owner, string? before, string? shown) => new(
        tab == Done,
        Enum.TryParse<CaseKind>(kind, ignoreCase: true, out var one) && Enum.IsDefined(one) ? one : null,
        owner is Mine or Nobody ? owner : null,
        Guid.TryParse(before, out var last) ? last : null,
        Guid.TryParse(shown, out var id) ? id : null);

    public override string ToString()
    {
        (string Name, string? Value)[] parts =
            [("tab", IsDone ? Done : null), ("kind", Kind?.ToString()), ("owner", Owner), ("before", Before?.ToString("N")), ("case", Case?.ToString("N"))];
        var said = parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={part.Value}").ToList();
        return said.Count == 0 ? "/cases" : $"/cases?{string.Join('&', said)}";
    }
}
