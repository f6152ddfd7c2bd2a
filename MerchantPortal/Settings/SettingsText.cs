namespace MerchantPortal.Settings;

/// <summary>Names the texts of the settings pages.</summary>
public sealed class SettingsText;
