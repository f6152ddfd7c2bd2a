namespace MerchantPortal.Shell;

/// <summary>What the drawing of an empty list shows.</summary>
public enum EmptyDrawing
{
    Receipt,
    Signal,
    Box,
    Search,
    Key,
}
