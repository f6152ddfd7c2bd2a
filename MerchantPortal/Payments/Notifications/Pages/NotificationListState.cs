namespace MerchantPortal.Payments.Notifications.Pages;

/// <summary>What the address of the list says, and addresses that say something else.</summary>
public sealed class NotificationListState
{
    private readonly IReadOnlyDictionary<string, string?> _query;

    private NotificationListState(IReadOnlyDictionary<string, string?> query) => _query = query;

    public static NotificationListState Empty { get; } = new(new Dictionary<string, string?>());

    /// <summary>Value in the address → key of its text.</summary>
    public static IReadOnlyList<(string Value, string Key)> Ranges { get; } = [("7d", "RangeWeek"), ("24h", "RangeDay"), ("30d", "RangeMonth"), ("all", "RangeAll")];

    public string Range { get; private init; } = "7d";

    public NotificationFilter Filter { get; private init; } = new();

    public Guid? Before { get; private init; }

    /// <summary>Reads an address; what it says wrongly counts as not said.</summary>
    public static NotificationListState Read(IReadOnlyDictionary<string, string?> query, DateTimeOffset now)
    {
        var range = Ranges.Any(known => known.Value == Of("range")) ? Of("range") ?? "7d" : "7d";
        return new NotificationListState(query)
        {
            Range = range,
            Before = Guid.TryParse(Of("before"), out var before) ? before : null,
            Filter = new NotificationFilter
            {
                Tab = Enum.GetValues<NotificationTab>().FirstOrDefault(tab => Name(tab) == Of("tab")),
                Status = Enum.TryParse<CallbackStatus>(Of("status"), ignoreCase: true, out var status) && Enum.IsDefined(status) ? status : null,
                Channel = Of("channel"),
                AccountId = Guid.TryParse(Of("account"), out var account) ? account : null,
                Reason = Of("reason"),
                Text = Of("q"),
                From = range switch { "24h" => now.AddHours(-24), "30d" => now.AddDays(-30), "all" => null, _ => now.AddDays(-7) },
            },
        };

        string? Of(string name) => query.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary><c>dead-letters</c> for <see cref="NotificationTab.DeadLetters"/>.</summary>
    public static string Name(NotificationTab tab) =>
        string.Concat(tab.ToString().Select((c, index) => index > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    /// <summary>This address with one part changed; another tab starts at the newest page.</summary>
    public string With(string name, string? value)
    {
        var parts = _query.Where(pair => pair.Key != name && pair.Key != "before" && !string.IsNullOrEmpty(pair.Value))
            .Append(new KeyValuePair<string, string?>(name, value))
            .Where(pair => !string.IsNullOrEmpty(pair.Value))
            .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value ?? "")}").ToList();
        return parts.Count == 0 ? "/callbacks" : $"/callbacks?{string.Join('&', parts)}";
    }
}
