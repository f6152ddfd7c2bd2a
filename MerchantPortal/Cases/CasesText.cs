namespace MerchantPortal.Cases;

/// <summary>Names the texts of the pages about what a person has to look at.</summary>
public sealed class CasesText;
