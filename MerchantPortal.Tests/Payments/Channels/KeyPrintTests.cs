using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Payments.Channels;

public sealed class KeyPrintTests
{
    private static readonly DateTimeOffset End = new(2031, 12, 31, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_kept_of_a_form_reads_again_to_the_same()
    {
        var fingerprints = new Dictionary<string, string> { ["key"] = "5e6b1e75ce5a503b", ["certificate"] = "0123456789abcdef" };
        var form = new ChannelFormResult.Valid([], "1900000109", "wx1", fingerprints) { Expiries = new Dictionary<string, DateTimeOffset> { ["certificate"] = End } };

        var read = KeyPrint.ReadAll(KeyPrint.WriteAll(form));

        Assert.Equal(new Dictionary<string, KeyPrint> { ["key"] = new("5e6b1e75ce5a503b"), ["certificate"] = new("0123456789abcdef", End) }, read);
    }

    [Fact]
    public void Of_what_was_kept_as_one_text_the_fingerprint_is_read()
    {
        var stored = new JsonObject { ["key"] = "5e6b1e75ce5a503b", ["certificate"] = "0123456789abcdef (until 2031-12-31)" }.ToJsonString();

        Assert.Equal(["5e6b1e75ce5a503b", "0123456789abcdef"], KeyPrint.ReadAll(stored).Values.Select(key => key.Fingerprint));
    }
}
