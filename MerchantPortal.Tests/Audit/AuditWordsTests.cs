using System.Globalization;
using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Audit.Pages;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Refunds;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Tests.Audit;

/// <summary>What the trail keeps in codes is read in words.</summary>
public sealed class AuditWordsTests
{
    [Theory]
    [InlineData("zh-CN", "buyer_changed_mind", "买家不想要了")]
    [InlineData("zh-CN", "other: 客户说: 算了", "其他: 客户说: 算了")]
    [InlineData("en", "wrong_item", "Wrong or missing item")]
    public void A_refund_has_the_reason_that_its_form_offered(string language, string kept, string read) =>
        Assert.Equal(read, Read(language, AuditActions.RefundRequested, kept));

    [Fact]
    public void Every_reason_of_a_refund_has_words() => Assert.All(Enum.GetValues<RefundReason>(), reason =>
    {
        var code = JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
        Assert.NotEqual(code, Read("en", AuditActions.RefundRequested, code));
    });

    [Fact]
    public void What_a_person_wrote_stays_as_it_is() => Assert.Equal("other", Read("zh-CN", AuditActions.CallbackReplayed, "other"));

    private static string? Read(string language, string action, string reason)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            var texts = new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance);
            return AuditWords.Reason(Entry(action, reason), new StringLocalizer<RefundsText>(texts));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static AuditEntry Entry(string action, string reason) => new()
    {
        StoreId = Guid.Empty,
        Number = 1,
        At = DateTimeOffset.UnixEpoch,
        ActorKind = ActorKind.Person,
        ActorId = "1",
        ActorName = "Li Wei",
        Action = action,
        Target = "M1",
        BeforeJson = "{}",
        AfterJson = "{}",
        Reason = reason,
    };
}
