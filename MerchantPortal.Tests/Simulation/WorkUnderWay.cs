namespace MerchantPortal.Tests.Simulation;

/// <summary>What has begun and goes on step by step, while others act: each step may be its last, for the process can end after any of them.</summary>
internal sealed class WorkUnderWay(Random random)
{
    private const int DyingPercent = 10;

    private readonly List<IEnumerator<string>> _begun = [];

    /// <returns>The first step; empty where there was nothing to do.</returns>
    public string Begin(IEnumerable<string> work)
    {
        var begun = work.GetEnumerator();
        if (!begun.MoveNext())
        {
            return "";
        }

        _begun.Add(begun);
        return begun.Current;
    }

    /// <summary>One step further, or cut off by the end of the process.</summary>
    public string GoOn()
    {
        if (_begun.Count == 0)
        {
            return "";
        }

        var work = _begun[random.Next(_begun.Count)];
        var dies = random.Next(100) < DyingPercent && !work.Current.StartsWith("its commit", StringComparison.Ordinal) && !work.Current.EndsWith("at the gateway", StringComparison.Ordinal);
        if (!dies && work.MoveNext())
        {
            return work.Current;
        }

        _begun.Remove(work);
        return dies ? $"dies after: {work.Current}" : "done";
    }

    public void FinishAll()
    {
        Finish(_begun);
        _begun.Clear();
    }

    /// <summary>From the beginning to the end, with nothing in between.</summary>
    public static void Finish(IEnumerable<IEnumerable<string>> works) => Finish(works.Select(work => work.GetEnumerator()));

    private static void Finish(IEnumerable<IEnumerator<string>> works)
    {
        foreach (var work in works.ToList())
        {
            while (work.MoveNext())
            {
            }
        }
    }
}
