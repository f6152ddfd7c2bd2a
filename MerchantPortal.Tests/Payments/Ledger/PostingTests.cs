using MerchantPortal.Data;
using MerchantPortal.Payments.Ledger;

namespace MerchantPortal.Tests.Payments.Ledger;

public sealed class PostingTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 17, 30, 0, TimeSpan.Zero);
    private static readonly Guid Store = Guid.CreateVersion7();

    [Theory]
    [InlineData(LedgerMovement.Payment, LedgerAccount.GatewayBalance, LedgerAccount.Sales)]
    [InlineData(LedgerMovement.SurplusPayment, LedgerAccount.GatewayBalance, LedgerAccount.Surplus)]
    [InlineData(LedgerMovement.Refund, LedgerAccount.Refunds, LedgerAccount.GatewayBalance)]
    [InlineData(LedgerMovement.SurplusRefund, LedgerAccount.Surplus, LedgerAccount.GatewayBalance)]
    [InlineData(LedgerMovement.Fee, LedgerAccount.Fees, LedgerAccount.GatewayBalance)]
    [InlineData(LedgerMovement.FeeReturn, LedgerAccount.GatewayBalance, LedgerAccount.Fees)]
    public void A_movement_debits_one_account_and_credits_the_other_with_the_same_amount(LedgerMovement movement, LedgerAccount debit, LedgerAccount credit)
    {
        var (entries, end) = New(movement).Write(new DateOnly(2026, 11, 22), Start);

        Assert.Equal([(debit, 1280, 0), (credit, 0, 1280)], entries.Select(entry => (entry.Account, entry.Debit, entry.Credit)));
        Assert.Equal([5L, 6L], entries.Select(entry => entry.Number));
        Assert.Equal((6, entries[1].Hash), (end.Number, end.Hash));
    }

    [Fact]
    public void Each_side_continues_the_chain_where_the_one_before_it_ended()
    {
        var (entries, _) = New(LedgerMovement.Payment).Write(new DateOnly(2026, 11, 22), Start);

        Assert.Equal(HashChain.Next(Start.Hash, entries[0].Content()), entries[0].Hash);
        Assert.Equal(HashChain.Next(entries[0].Hash, entries[1].Content()), entries[1].Hash);
    }

    [Fact]
    public void An_entry_says_everything_that_its_hash_covers()
    {
        var (entries, _) = New(LedgerMovement.Payment).Write(new DateOnly(2026, 11, 22), Start);
        var entry = entries[0];

        Assert.Equal(
            $"{Store:N}|2026-11-22|5|Payment|{entry.MovementId:N}|GatewayBalance|{entry.ChannelAccountId:N}||1280|0|{At.ToUnixTimeMilliseconds()}", entry.Content());
    }

    private static ChainEnd Start { get; } = new(4, new byte[32]);

    private static Posting New(LedgerMovement movement) => new(Store, Guid.CreateVersion7(), null, movement, Guid.CreateVersion7(), 1280, At);
}
