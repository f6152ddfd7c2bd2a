using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Resources;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Notifications;

public sealed class NotificationsTextTests
{
    private static readonly ResourceManager Texts = new(typeof(NotificationsText));

    [Fact]
    public void Every_reason_has_a_name_a_meaning_and_a_next_step_in_both_languages()
    {
        var codes = Constants(typeof(RejectionReasons)).Concat(Constants(typeof(DecisionReasons))).ToList();
        Assert.Equal(codes.Order(), ReasonCodes.All.Order());
        Assert.All(codes.SelectMany(code => new[] { $"Reason_{code}", $"Means_{code}", $"Next_{code}" }), AssertInBoth);
    }

    [Fact]
    public void Every_step_status_tab_and_refusal_has_a_text_in_both_languages()
    {
        Assert.All(Constants(typeof(TraceSteps)).Select(step => $"Step_{step}"), AssertInBoth);
        Assert.All(Enum.GetNames<CallbackStatus>().Select(status => $"Status_{status}"), AssertInBoth);
        Assert.All(Enum.GetNames<NotificationTab>().Select(tab => $"Tab_{tab}"), AssertInBoth);
        Assert.All(Enum.GetNames<BulkReplayState>().Select(state => $"Bulk{state}"), AssertInBoth);
        Assert.All(Constants(typeof(ReplayRefusals)).Select(code => $"Refused_{code}"), AssertInBoth);
    }

    [Fact]
    public void Both_languages_have_the_same_keys()
    {
        Assert.Equal(Keys("en"), Keys("zh-CN"));
        Assert.NotEmpty(Keys("en"));
    }

    private static void AssertInBoth(string key)
    {
        Assert.False(string.IsNullOrWhiteSpace(Texts.GetString(key, CultureInfo.GetCultureInfo("en"))), key);
        Assert.Contains(key, Keys("zh-CN"));
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetRawConstantValue()).OfType<string>();

    private static List<string> Keys(string culture)
    {
        var set = Texts.GetResourceSet(culture == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false);
        return [.. (set ?? throw new InvalidOperationException(culture)).Cast<DictionaryEntry>().Select(entry => (string)entry.Key).Order(StringComparer.Ordinal)];
    }
}
