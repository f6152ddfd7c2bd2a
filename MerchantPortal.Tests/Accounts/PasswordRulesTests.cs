using MerchantPortal.Accounts;

namespace MerchantPortal.Tests.Accounts;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("quiet river under the bridge")]
    [InlineData("今天下午三点在桥下的河边见面吧")]
    [InlineData("zq8#Lw!p2Vxt")]
    public void A_password_of_one_s_own_may_be_used(string password) => Assert.Empty(PasswordRules.Check(password, "owner@example.com"));

    [Theory]
    [InlineData("short-enough", "password_too_short", 11)]
    [InlineData("zq8#Lw!p2Vxt", "password_too_short", 11)]
    public void Eleven_characters_are_too_few(string password, string code, int length) =>
        Assert.Contains(code, PasswordRules.Check(password[..length], null));

    [Fact]
    public void A_hundred_and_twenty_eight_characters_are_enough()
    {
        var varied = string.Concat(Enumerable.Range(0, 128).Select(i => (char)('a' + (i * i % 23))));
        Assert.Empty(PasswordRules.Check(varied, null));
        Assert.Contains("password_too_long", PasswordRules.Check(varied + "x", null));
    }

    [Theory]
    [InlineData("password1234")]
    [InlineData("PassWord1234")]
    [InlineData("woaini1314520")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcdabcdabcd")]
    [InlineData("123456789012")]
    [InlineData("abcdefghijklmn")]
    public void What_everybody_tries_first_is_refused(string password) => Assert.Contains("password_common", PasswordRules.Check(password, null));

    [Fact]
    public void The_email_is_no_password() => Assert.Contains("password_like_email", PasswordRules.Check("Owner@Example.com", "owner@example.com"));
}
