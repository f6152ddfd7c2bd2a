namespace MerchantPortal.Payments.Channels;

/// <summary>What every account's form must be, whatever its channel.</summary>
internal static class ChannelAccountFormRules
{
    /// <summary>Characters of one pasted value: a chain of certificates fits, a file by mistake does not.</summary>
    private const int MaxLength = 64 * 1024;

    /// <returns>Null when nothing is wrong.</returns>
    public static SaveChannelAccountResult.Invalid? FirstError(ChannelAccountForm form, IChannelDefinition definition)
    {
        if (string.IsNullOrWhiteSpace(form.Name) || form.Name.Trim().Length > 200 || form.Name.Any(char.IsControl))
        {
            return Invalid("name", "Give a name of 1–200 characters, so that staff can tell accounts apart.");
        }

        var known = definition.Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in form.Fields)
        {
            if (!known.Contains(name))
            {
                return Invalid(name, "This channel has no such field.");
            }

            if (value?.ToJsonString().Length > MaxLength)
            {
                return Invalid(name, $"The value has more than {MaxLength} characters.");
            }
        }

        return null;
    }

    private static SaveChannelAccountResult.Invalid Invalid(string field, string message) =>
        new(new Dictionary<string, string> { [field] = message });
}
