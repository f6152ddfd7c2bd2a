namespace MerchantPortal.Operations;

/// <summary>Tells an operator how far a long work is, at most once a second, beside what scripts read.</summary>
internal sealed class ProgressLines(TimeProvider time) : IProgress<string>
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private long _last = time.GetTimestamp();

    public void Report(string value)
    {
        if (time.GetElapsedTime(_last) >= Between)
        {
            _last = time.GetTimestamp();
            Console.Error.WriteLine(value);
        }
    }
}
