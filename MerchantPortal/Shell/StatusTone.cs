namespace MerchantPortal.Shell;

/// <summary>How a status is tinted. The word always stands beside it.</summary>
public enum StatusTone
{
    Ok,
    Wait,
    Warn,
    Bad,
    Info,
}
