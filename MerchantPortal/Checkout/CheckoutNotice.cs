namespace MerchantPortal.Checkout;

/// <summary>What came of the buyer's last press, said once above the way to pay.</summary>
public enum CheckoutNotice
{
    None,

    /// <summary>The buyer says that the money is on its way; the gateway has been asked.</summary>
    Asked,

    /// <summary>The buyer says that paying did not work; the gateway has been asked.</summary>
    Problem,

    /// <summary>A gateway gave no answer to the choice of a way to pay.</summary>
    GatewayUnclear,

    /// <summary>The wallet has not told who the payer is.</summary>
    PayerUnclear,

    /// <summary>The bank is not one of the account's.</summary>
    BankUnknown,
}
