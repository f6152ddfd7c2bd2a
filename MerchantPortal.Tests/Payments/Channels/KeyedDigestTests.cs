using System.Globalization;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Payments.Channels;

public sealed class KeyedDigestTests
{
    private const string Text = "appid=wxd930ea5d5a258f4f&body=test&device_info=1000&mch_id=10000100&nonce_str=ibuaiVcKdpRxkhJA";
    private const string Key = "192006250b4c09247ec02edce69f6a2d";

    /// <summary>Values that WeChat's documents publish.</summary>
    [Fact]
    public void Published_digests_come_out()
    {
        Assert.Equal("9A0A8659F005D6984697E2CA0A9CF3B7", KeyedDigest.Md5(Key, "&key=", upper: true).Sign(Text));
        Assert.Equal("6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6", KeyedDigest.HmacSha256(Key, "&key=").Sign(Text));
    }

    [Fact]
    public void A_key_glued_on_without_a_separator_makes_another_digest()
    {
        var digest = KeyedDigest.Md5("b");

        Assert.Equal("187ef4436122d1cc2f40dc2b92f0eba0", digest.Sign("a"));
        Assert.False(KeyedDigest.Md5("b", "&key=").Verify("a", digest.Sign("a")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("9a0a8659f005d6984697e2ca0a9cf3b7")]
    [InlineData("9A0A8659F005D6984697E2CA0A9CF3B")]
    [InlineData("9A0A8659F005D6984697E2CA0A9CF3B70")]
    [InlineData("9A0A8659F005D6984697E2CA0A9CF3B8")]
    [InlineData("D41D8CD98F00B204E9800998ECF8427E")]
    public void Anything_but_the_very_digest_is_wrong(string? sign) =>
        Assert.False(KeyedDigest.Md5(Key, "&key=", upper: true).Verify(Text, sign));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void There_is_no_digest_without_a_key(string key)
    {
        Assert.Throws<ArgumentException>(() => KeyedDigest.Md5(key));
        Assert.Throws<ArgumentException>(() => KeyedDigest.HmacSha256(key, "&key="));
    }

    [Fact]
    public void A_stronger_rule_never_takes_the_weaker_digest() =>
        Assert.False(KeyedDigest.HmacSha256(Key, "&key=").Verify(Text, KeyedDigest.Md5(Key, "&key=", upper: true).Sign(Text)));

    [Fact]
    public void Fields_are_sorted_by_byte_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("zh-CN");
        try
        {
            Assert.Equal("Zeta=1&appId=2&app_id=3&appid=4", SortedFields.Text(Pairs(("appid", "4"), ("app_id", "3"), ("appId", "2"), ("Zeta", "1"))));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Characters_beyond_the_basic_plane_stand_behind_all_others() =>
        Assert.Equal("a=0&ab=1&\uE000=2&\uFFFD=3&🙂=4", SortedFields.Text(Pairs(("🙂", "4"), ("\uFFFD", "3"), ("\uE000", "2"), ("ab", "1"), ("a", "0"))));

    [Fact]
    public void Empty_values_and_named_fields_are_left_out() =>
        Assert.Equal("a=1&c= ", SortedFields.Text(Pairs(("sign", "x"), ("b", ""), ("a", "1"), ("c", " ")), "sign"));

    [Fact]
    public void Values_are_joined_raw() => Assert.Equal("a=&=%26+<中&b=2", SortedFields.Text(Pairs(("b", "2"), ("a", "&=%26+<中"))));

    private static IEnumerable<KeyValuePair<string, string>> Pairs(params (string Name, string Value)[] pairs) =>
        pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value));
}
