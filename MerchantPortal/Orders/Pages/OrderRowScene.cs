using MerchantPortal.Shell;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

/// <summary>What all lines of a list have in common.</summary>
/// <param name="Now">To the minute: lines grow older without changing.</param>
public sealed record OrderRowScene(
    DateTimeOffset Now, StoreTime Calendar, IStringLocalizer<OrdersText> Text, IStringLocalizer<ShellText> ShellText);
