namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Names the texts about callbacks. Every code of <c>RejectionReasons</c> and <c>DecisionReasons</c> has three: its name
/// (<c>Reason_</c>), what it means (<c>Means_</c>), what to do next (<c>Next_</c>).
/// </summary>
public sealed class NotificationsText;
