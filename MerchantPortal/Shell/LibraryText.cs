namespace MerchantPortal.Shell;

/// <summary>Names the component library's own words: what its calendar, lists and dialogs say by themselves. Keys are the library's.</summary>
public sealed class LibraryText;
