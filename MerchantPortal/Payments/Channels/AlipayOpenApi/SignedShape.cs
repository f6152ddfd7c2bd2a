namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Which fields of a notification its signed text is made of. <c>sign</c> never is one of them.</summary>
/// <param name="KeepsEmpty">Alipay's own kits keep empty values in the text; a good part of its servers leaves them out.</param>
/// <param name="WithSignType">Payments never sign <c>sign_type</c>; some messages of other kinds do.</param>
internal readonly record struct SignedShape(bool KeepsEmpty, bool WithSignType)
{
    /// <summary>As the documents tell it.</summary>
    public static readonly SignedShape Usual = new(KeepsEmpty: true, WithSignType: false);

    /// <summary>How many bytes the text has at most.</summary>
    public static int MaxLength(RawForm form) => form.Length + (2 * form.Count);

    /// <param name="text">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="instead">Gives what stands in place of a field's value, by its index; null for the value itself.</param>
    /// <returns>The length of the text: the fields sorted by byte, as they were sent.</returns>
    public int Write(RawForm form, Span<byte> text, Func<int, byte[]?>? instead = null)
    {
        var length = 0;
        for (var i = 0; i < form.Count; i++)
        {
            if (Has(form.NameAt(i), form.ValueAt(i)))
            {
                length = Append(text, length, form.NameAt(i), instead?.Invoke(i) ?? form.ValueAt(i));
            }
        }

        return length;
    }

    private bool Has(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        (KeepsEmpty || !value.IsEmpty) && !name.SequenceEqual("sign"u8) && (WithSignType || !name.SequenceEqual("sign_type"u8));

    private static int Append(Span<byte> text, int length, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (length > 0)
        {
            text[length++] = (byte)'&';
        }

        name.CopyTo(text[length..]);
        length += name.Length;
        text[length++] = (byte)'=';
        value.CopyTo(text[length..]);
        return length + value.Length;
    }
}
