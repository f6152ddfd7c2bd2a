using System.Text;
using MerchantPortal.Data;

namespace MerchantPortal.Tests.Data;

public sealed class PackedTextTests
{
    public static TheoryData<string> Texts =>
        ["", "a", "[]", "{}", "龙井茶龙井茶龙井茶 ⏎ 🍵🍵🍵", "\u0001\u0000\u0001", "\uFEFF[]", new string('x', 200_000)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_was_packed_comes_out_as_it_went_in(string text) => Assert.Equal(text, PackedText.Read(PackedText.Of(text).Stored).ToString());

    [Fact]
    public void Any_text_comes_out_as_it_went_in()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(600)).Select(_ => (char)random.Next(1, 0x3000))]);
            Assert.Equal(text, PackedText.Read(PackedText.Of(text).Stored).ToString());
        }
    }

    [Fact]
    public void What_an_older_version_stored_is_read_as_it_is() => Assert.Equal("[{\"Step\":\"茶\"}]", PackedText.Read(Encoding.UTF8.GetBytes("[{\"Step\":\"茶\"}]")).ToString());

    [Fact]
    public void What_is_neither_is_told_and_not_read_as_something_else() =>
        Assert.Throws<InvalidOperationException>(() => PackedText.Read([1, 0xFF, 0xFF, 0xFF]).ToString());

    [Fact]
    public void A_trace_takes_less_than_its_length()
    {
        const string Trace = """[{"Step":"received","Ok":true,"Detail":"Captured as it arrived.","Values":{"bytes":"988","content_type":"application/json","request_id":"–"}},{"Step":"signature","Ok":true,"Detail":"Valid.","Values":null},{"Step":"effect","Ok":true,"Detail":"order paid","Values":null}]""";
        Assert.InRange(PackedText.Of(Trace).Stored.Length, 1, Trace.Length * 7 / 10);
    }
}
