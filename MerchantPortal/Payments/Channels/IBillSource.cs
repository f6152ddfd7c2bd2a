using MerchantPortal.Payments.Channels.Bills;

namespace MerchantPortal.Payments.Channels;

/// <summary>A channel whose gateway hands out a bill of each day (交易账单): the only proof that no payment was missed.</summary>
public interface IBillSource : IPaymentChannel
{
    /// <summary>How the gateway's file is read, whether it was downloaded or a person has brought it.</summary>
    IBillFormat BillFormat { get; }

    /// <summary>Asks for the bill of one day of Beijing and writes it to <paramref name="target"/>. What was written counts only with <see cref="BillDownload.Downloaded"/>.</summary>
    Task<BillDownload> DownloadBillAsync(DateOnly day, Stream target, CancellationToken cancellationToken);
}

/// <summary>What came of asking a gateway for a bill.</summary>
public abstract record BillDownload
{
    /// <summary>The file is whole, as far as the gateway lets one check that.</summary>
    public sealed record Downloaded : BillDownload;

    /// <summary>The gateway makes it later.</summary>
    public sealed record NotReady : BillDownload;

    /// <summary>Nothing was paid or refunded on that day.</summary>
    public sealed record NoBill : BillDownload;

    /// <summary>Cannot tell: no answer, no proof of the answer, or a file that is not the one that was announced.</summary>
    /// <param name="Reason">In English, for staff.</param>
    public sealed record Unknown(string Reason) : BillDownload;
}
