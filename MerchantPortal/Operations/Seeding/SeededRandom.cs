using System.Buffers.Text;

namespace MerchantPortal.Operations.Seeding;

/// <summary>Chance that repeats: the same seed draws the same history. Never for anything that must not be guessed.</summary>
internal sealed class SeededRandom(int seed)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#pragma warning disable CA5394 // believable, not secret
    private readonly Random _random = new(seed);

    public double Share() => _random.NextDouble();

    /// <summary>Between the two, both included.</summary>
    public int Between(int least, int most) => _random.Next(least, most + 1);

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    public string Text(int length) => string.Create(length, _random, static (span, random) =>
    {
        foreach (ref var c in span)
        {
            c = Alphabet[random.Next(Alphabet.Length)];
        }
    });

    public string Digits(int length) => string.Create(length, _random, static (span, random) =>
    {
        foreach (ref var c in span)
        {
            c = (char)('0' + random.Next(10));
        }
    });

    public string Token()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>A version 7 id of that time: lists page by it.</summary>
    public Guid Id(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        var milliseconds = at.ToUnixTimeMilliseconds();
        for (var i = 0; i < 6; i++)
        {
            bytes[i] = (byte)(milliseconds >> (40 - (8 * i)));
        }

        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }
#pragma warning restore CA5394
}
