namespace MerchantPortal.Subscriptions;

/// <summary>Marks the texts of the subscriptions' page.</summary>
public sealed class SubscriptionsText;
