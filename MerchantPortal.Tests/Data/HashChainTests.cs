using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Data;

namespace MerchantPortal.Tests.Data;

public sealed class HashChainTests
{
    private static readonly Guid Store = new("0190a000-0000-7000-8000-000000000001");

    [Fact]
    public void A_link_is_the_sha256_of_the_hash_before_it_and_its_content() =>
        Assert.Equal(SHA256.HashData([1, 2, .. Encoding.UTF8.GetBytes("茶")]), HashChain.Next([1, 2], "茶"));

    [Fact]
    public void Chains_of_different_stores_and_names_start_apart()
    {
        byte[][] starts = [HashChain.Start(Store, "audit"), HashChain.Start(Store, "ledger:2026-11-21"), HashChain.Start(Guid.Empty, "audit")];
        Assert.Equal(3, starts.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void A_whole_chain_has_no_fault()
    {
        var (links, head) = Chain(5);
        Assert.Empty(Faults(links, head));
    }

    [Fact]
    public void A_flipped_content_or_hash_is_one_fault_at_its_own_number()
    {
        for (var number = 1; number <= 5; number++)
        {
            var (links, head) = Chain(5);
            var other = links[number - 1] with { Content = "changed" };
            Assert.Contains($"no. {number} ", Assert.Single(Faults([.. links.Select(link => link.Number == number ? other : link)], head)), StringComparison.Ordinal);

            var hash = links[number - 1].Hash.ToArray();
            hash[7] ^= 1;
            var flipped = links[number - 1] with { Hash = hash };
            Assert.Contains($"no. {number} ", Assert.Single(Faults([.. links.Select(link => link.Number == number ? flipped : link)], head)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_gap_and_a_cut_off_end_are_found()
    {
        var (links, head) = Chain(5);
        Assert.Contains("no. 3 ", Assert.Single(Faults([links[0], links[2], links[3], links[4]], head)), StringComparison.Ordinal);
        Assert.Contains("newest 2 of 5", Assert.Single(Faults(links[..3], head)), StringComparison.Ordinal);
        Assert.Contains("newest 5 of 5", Assert.Single(Faults([], head)), StringComparison.Ordinal);
        Assert.Contains("end is not kept", Assert.Single(Faults(links, null)), StringComparison.Ordinal);
    }

    private static List<string> Faults(ChainLink[] links, ChainEnd? head)
    {
        var walk = new ChainWalk($"{Store:N}", "audit", head);
        var faults = links.Select(walk.Next).ToList();
        return [.. faults.Append(walk.End()).OfType<string>()];
    }

    private static (ChainLink[] Links, ChainEnd Head) Chain(int length)
    {
        var (links, hash) = (new ChainLink[length], HashChain.Start(Store, "audit"));
        for (var number = 1; number <= length; number++)
        {
            hash = HashChain.Next(hash, $"{number}");
            links[number - 1] = new ChainLink($"{Store:N}", "audit", number, $"{number}", hash);
        }

        return (links, new ChainEnd(length, hash));
    }
}
