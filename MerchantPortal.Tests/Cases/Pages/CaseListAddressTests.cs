using MerchantPortal.Cases;
using MerchantPortal.Cases.Pages;

namespace MerchantPortal.Tests.Cases.Pages;

public sealed class CaseListAddressTests
{
    private static readonly Guid Some = Guid.CreateVersion7();

    [Fact]
    public void An_address_says_what_it_was_made_of()
    {
        var address = new CaseListAddress(IsDone: true, CaseKind.LateMoney, CaseListAddress.Mine, Some, Some);

        Assert.Equal($"/cases?tab=done&kind=LateMoney&owner=me&before={Some:N}&case={Some:N}", address.ToString());
        Assert.Equal(address, CaseListAddress.Read("done", "LateMoney", "me", Some.ToString("N"), Some.ToString("N")));
    }

    [Theory]
    [InlineData("open", "99", "you", "x", "")]
    [InlineData(null, null, null, null, null)]
    public void What_an_address_says_wrongly_counts_as_not_said(string? tab, string? kind, string? owner, string? before, string? shown)
    {
        Assert.Equal(new CaseListAddress(), CaseListAddress.Read(tab, kind, owner, before, shown));
        Assert.Equal("/cases", CaseListAddress.Read(tab, kind, owner, before, shown).ToString());
    }
}
