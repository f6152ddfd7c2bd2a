using System.Text;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>A request to a notify address, to be damaged. Nothing in it is trusted to be sendable.</summary>
internal sealed record NotifyRequest(string Path, string Query, Dictionary<string, string> Headers, byte[] Body)
{
    public NotifyRequest Copy() => this with { Headers = new Dictionary<string, string>(Headers), Body = [.. Body] };
}

/// <summary>Damages a genuine request the way accident and malice do. The same seed does the same damage.</summary>
internal static class Mutation
{
    private static readonly byte[][] Nasty =
    [
        [], [0], [0xFF, 0xFE], "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"u8.ToArray(), "&sign=&sign_type=MD5"u8.ToArray(), "%00%ZZ%"u8.ToArray(),
        "\r\n\r\n"u8.ToArray(), "{\"a\":{\"a\":{\"a\":"u8.ToArray(), "999999999999999999999999"u8.ToArray(), "-1"u8.ToArray(), "1e309"u8.ToArray(), "NaN"u8.ToArray(),
        "\u0000\u2028\uFFFD"u8.ToArray(), "' OR 1=1 --"u8.ToArray(), "<xml>"u8.ToArray(), "]]>"u8.ToArray(), "null"u8.ToArray(), "\"\""u8.ToArray(),
    ];

    public static NotifyRequest Of(NotifyRequest genuine, Random random)
    {
        var request = genuine.Copy();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            request = Once(request, random);
        }

        return request;
    }

    private static NotifyRequest Once(NotifyRequest request, Random random) => random.Next(12) switch
    {
        0 => request with { Body = Flip(request.Body, random) },
        1 => request with { Body = Cut(request.Body, random) },
        2 => request with { Body = Repeat(request.Body, random) },
        3 or 4 => request with { Body = Insert(request.Body, Nasty[random.Next(Nasty.Length)], random) },
        5 => request with { Body = Swap(request.Body, random) },
        6 => request with { Body = [.. Enumerable.Range(0, random.Next(4096)).Select(_ => (byte)random.Next(256))] },
        7 => WithHeader(request, random, value => Encoding.ASCII.GetString(Flip(Encoding.ASCII.GetBytes(value), random))),
        8 => WithHeader(request, random, _ => Printable(Nasty[random.Next(Nasty.Length)])),
        9 => WithoutHeader(request, random),
        10 => request with { Query = request.Query + (request.Query.Length == 0 ? "?" : "&") + Uri.EscapeDataString(Printable(Nasty[random.Next(Nasty.Length)])) + "=1" },
        _ => request with { Query = request.Query.Length < 2 ? "?" : "?" + Printable(Flip(Encoding.ASCII.GetBytes(request.Query[1..]), random)).Replace('#', '%').Replace(' ', '+') },
    };

    private static byte[] Flip(byte[] bytes, Random random)
    {
        byte[] flipped = [.. bytes];
        if (flipped.Length > 0)
        {
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }

    private static byte[] Cut(byte[] bytes, Random random)
    {
        var (from, to) = Range(bytes, random);
        return [.. bytes[..from], .. bytes[to..]];
    }

    private static byte[] Repeat(byte[] bytes, Random random)
    {
        var (from, to) = Range(bytes, random);
        // Now and then over the cap of the body.
        var times = random.Next(20) == 0 ? 2_000 : random.Next(1, 4);
        return [.. bytes[..to], .. Enumerable.Repeat(bytes[from..to], times).SelectMany(part => part).Take(100_000), .. bytes[to..]];
    }

    private static byte[] Insert(byte[] bytes, byte[] what, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        return [.. bytes[..at], .. what, .. bytes[at..]];
    }

    private static byte[] Swap(byte[] bytes, Random random)
    {
        var (from, to) = Range(bytes, random);
        return [.. bytes[to..], .. bytes[from..to], .. bytes[..from]];
    }

    private static (int From, int To) Range(byte[] bytes, Random random)
    {
        var from = random.Next(bytes.Length + 1);
        return (from, random.Next(from, bytes.Length + 1));
    }

    private static NotifyRequest WithHeader(NotifyRequest request, Random random, Func<string, string> change)
    {
        if (request.Headers.Count > 0)
        {
            var name = request.Headers.Keys.ElementAt(random.Next(request.Headers.Count));
            request.Headers[name] = Printable(Encoding.ASCII.GetBytes(change(request.Headers[name])));
        }

        return request;
    }

    private static NotifyRequest WithoutHeader(NotifyRequest request, Random random)
    {
        if (request.Headers.Count > 0)
        {
            request.Headers.Remove(request.Headers.Keys.ElementAt(random.Next(request.Headers.Count)));
        }

        return request;
    }

    /// <summary>What may stand in a header or an address without the client itself refusing to send it.</summary>
    private static string Printable(byte[] bytes) => string.Concat(bytes.Where(value => value is >= 0x20 and < 0x7F).Select(value => (char)value));
}
