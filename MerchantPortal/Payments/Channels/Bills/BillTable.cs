using System.Text;

namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>
/// The lines of a bill as cells. Not read with a CSV library: the gateways quote nothing, so that a quotation mark is a character like any
/// other and a line is a row, and WeChat Pay's separator is two characters.
/// </summary>
/// <param name="separator">Between two cells.</param>
internal sealed class BillTable(TextReader text, string separator)
{
    /// <summary>Far more than the longest row; a file without line ends does not fill the memory.</summary>
    private const int MaxLine = 64 * 1024;

    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _line = new();
    private int _length;
    private int _at;

    /// <summary>In the file, the first is 1.</summary>
    internal int Line { get; private set; }

    /// <summary>Without blanks and tabs around each.</summary>
    internal string[] Cells { get; private set; } = [];

    /// <summary>Goes on to the next line that is not blank.</summary>
    /// <returns>False at the end, and at a line that is longer than any of a bill; see <see cref="IsTooLong"/>.</returns>
    internal async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        while (await ReadLineAsync(cancellationToken) is { } line)
        {
            Line++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                Cells = [.. line.Split(separator).Select(cell => cell.Trim().TrimStart('\uFEFF'))];
                return true;
            }
        }

        return false;
    }

    internal bool IsTooLong { get; private set; }

    private async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        _line.Clear();
        while (_at < _length || await FillAsync(cancellationToken))
        {
            var end = Array.IndexOf(_buffer, '\n', _at, _length - _at);
            var stop = end < 0 ? _length : end;
            _line.Append(_buffer, _at, stop - _at);
            _at = stop + 1;
            if (_line.Length > MaxLine)
            {
                IsTooLong = true;
                return null;
            }

            if (end >= 0)
            {
                return _line.ToString();
            }
        }

        return _line.Length > 0 ? _line.ToString() : null;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        (_at, _length) = (0, await text.ReadAsync(_buffer, cancellationToken));
        return _length > 0;
    }
}
