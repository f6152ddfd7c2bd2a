using System.Text;
using MerchantPortal.Data;

namespace MerchantPortal.Tests.Data;

public sealed class PackedTextTests
{
    public static TheoryData<string> Texts =>
    [
        "", "a", "[]", "{}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "龙井茶龙井茶龙井茶 ⏎ 🍵🍵🍵", "\u0001\u0000\u0001", KnownText.First, KnownText.First + KnownText.First,
        new string('x', 200_000) + KnownText.First,
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_was_packed_comes_out_as_it_went_in(string text) => Assert.Equal(text, PackedText.Unpack(PackedText.Pack(text)));

    [Fact]
    public void Any_text_comes_out_as_it_went_in()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var from = random.Next(KnownText.First.Length - 400);
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(3) == 0
                ? KnownText.First.Substring(from, random.Next(400))
                : new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => (char)random.Next(32, 0x3000))])));
            Assert.Equal(text, PackedText.Unpack(PackedText.Pack(text)));
        }
    }

    [Fact]
    public void What_an_older_version_stored_is_read_as_it_is() => Assert.Equal("[{\"Step\":\"茶\"}]", PackedText.Unpack(Encoding.UTF8.GetBytes("[{\"Step\":\"茶\"}]")));

    [Fact]
    public void A_trace_takes_a_fraction_of_its_length()
    {
        const string Trace = """[{"Step":"received","Ok":true,"Detail":"Captured as it arrived.","Values":{"bytes":"988","content_type":"application/json","request_id":"–"}},{"Step":"signature","Ok":true,"Detail":"Valid.","Values":null},{"Step":"effect","Ok":true,"Detail":"order paid","Values":null}]""";
        Assert.InRange(PackedText.Pack(Trace).Length, 1, Trace.Length / 5);
    }

    /// <summary>The known text is part of every stored value: were it to change, none could be read.</summary>
    [Fact]
    public void The_known_text_is_what_it_has_always_been() => Assert.Equal(
        "f45476138ca020535cc5026da2ac82a9e614eaa25b2a7965ab66f6ef5ac06c0f",
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(KnownText.First))));
}
