namespace MerchantPortal.Payments.Janitor;

/// <summary>How closely an account's attempts are asked about.</summary>
public enum QueryPace
{
    /// <summary>Callbacks arrive.</summary>
    Usual,

    /// <summary>Some are lost.</summary>
    Closer,

    /// <summary>Many are lost: nearly everything is learned by asking.</summary>
    Closest,
}

/// <summary>An account's last hour.</summary>
/// <param name="Payments">All that were booked.</param>
/// <param name="Lost">Those of them that asking found, and whose callback did not follow soon.</param>
public sealed record CallbackLoss(int Payments, int Lost)
{
    private const int SomePercent = 5;
    private const int ManyPercent = 20;

    public static readonly CallbackLoss None = new(0, 0);

    /// <summary>One loss alone never counts as many: a quiet shop has few payments an hour.</summary>
    public QueryPace Pace =>
        Lost == 0 || Lost * 100 < Payments * SomePercent ? QueryPace.Usual
        : Lost == 1 || Lost * 100 < Payments * ManyPercent ? QueryPace.Closer
        : QueryPace.Closest;
}
