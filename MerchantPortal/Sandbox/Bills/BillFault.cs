namespace MerchantPortal.Sandbox.Bills;

/// <summary>What goes wrong with a bill. The trades themselves are never touched.</summary>
public enum BillFault
{
    None,

    /// <summary>The first payment is left out.</summary>
    MissingLine,

    /// <summary>A payment that nobody made.</summary>
    ExtraLine,

    /// <summary>The first payment with one yuan more.</summary>
    WrongAmount,

    /// <summary>The first payment twice.</summary>
    DoubledLine,

    /// <summary>The first payment with ten times the fee.</summary>
    WrongFee,

    /// <summary>The file breaks off.</summary>
    Truncated,

    /// <summary>WeChat Pay announces another hash; Alipay's zip has a wrong check sum.</summary>
    WrongHash,

    /// <summary>UTF-8 with a byte order mark, which is no fault at all.</summary>
    Bom,

    /// <summary>The bill is not made yet.</summary>
    NotReady,
}
