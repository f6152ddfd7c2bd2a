namespace MerchantPortal.Payments;

public enum AttemptStatus
{
    /// <summary>Our number is stored; whether the gateway knows it is not certain yet.</summary>
    Created,

    /// <summary>The gateway accepted it and the buyer can pay.</summary>
    Prompted,
    Paid,

    /// <summary>Closed at the gateway: nobody can pay it any more.</summary>
    Closed,

    /// <summary>The gateway refused to create it.</summary>
    Failed,
}
