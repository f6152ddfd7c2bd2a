namespace MerchantPortal.Payments.Channels;

/// <summary>What the audit trail may say of an account: its names and its keys' fingerprints, never a key.</summary>
internal static class ChannelAccountFacts
{
    public static Dictionary<string, string> Of(ChannelAccount account)
    {
        var facts = new Dictionary<string, string>
        {
            ["channel"] = account.Channel,
            ["name"] = account.Name,
            ["mode"] = account.Mode.ToString(),
            ["merchant_id"] = account.MerchantId,
            ["app_id"] = account.AppId,
        };
        foreach (var (key, print) in KeyPrint.ReadAll(account.FingerprintsJson))
        {
            facts[key] = print.Fingerprint;
        }

        return facts;
    }
}
