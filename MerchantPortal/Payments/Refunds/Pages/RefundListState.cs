namespace MerchantPortal.Payments.Refunds.Pages;

/// <summary>What the address of the list says; what it says wrongly counts as not said.</summary>
internal sealed record RefundListState(RefundTab Tab, RefundReason? Reason, Guid? OlderThan = null, Guid? NewerThan = null)
{
    public RefundFilter Filter => new(Statuses(Tab), Reason, OlderThan, NewerThan);

    public static RefundListState Read(string? tab, string? reason, string? older, string? newer) => new(
        Named<RefundTab>(tab) ?? RefundTab.All,
        Named<RefundReason>(reason),
        Guid.TryParse(older, out var olderThan) ? olderThan : null,
        Guid.TryParse(newer, out var newerThan) ? newerThan : null);

    public string ToUri()
    {
        List<string> parts = [];
        if (Tab != RefundTab.All)
        {
            parts.Add($"tab={Tab.ToString().ToLowerInvariant()}");
        }

        if (Reason is { } reason)
        {
            parts.Add($"reason={reason.ToString().ToLowerInvariant()}");
        }

        if ((OlderThan ?? NewerThan) is { } cursor)
        {
            parts.Add($"{(OlderThan is null ? "newer" : "older")}={cursor:N}");
        }

        return parts.Count == 0 ? "/refunds" : $"/refunds?{string.Join('&', parts)}";
    }

    private static RefundStatus[] Statuses(RefundTab tab) => tab switch
    {
        RefundTab.All => [],
        RefundTab.Waiting => [RefundStatus.Requested, RefundStatus.Processing],
        RefundTab.Done => [RefundStatus.Succeeded],
        RefundTab.Trouble => [RefundStatus.Failed, RefundStatus.Closed, RefundStatus.Abnormal],
    };

    private static T? Named<T>(string? name)
        where T : struct, Enum => Enum.TryParse<T>(name, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
}

internal enum RefundTab
{
    All,
    Waiting,
    Done,
    Trouble,
}
