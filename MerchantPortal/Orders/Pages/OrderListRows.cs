namespace MerchantPortal.Orders.Pages;

/// <summary>
/// The rows on the screen and what a change does to them. Rows never move under the reader: what changed changes in place, even
/// when it no longer matches; what is new appears at once only when the reader is at the top, and waits otherwise.
/// </summary>
public sealed class OrderListRows(int size)
{
    private readonly List<OrderSummary> _rows = [];
    private readonly SortedDictionary<Guid, OrderSummary> _waiting = [];
    private readonly HashSet<Guid> _glowing = [];
    private bool _isNewestPage;

    public IReadOnlyList<OrderSummary> Shown => _rows;

    public int Waiting => _waiting.Count;

    public bool HasNewer { get; private set; }

    public bool HasOlder { get; private set; }

    /// <summary>True for a row that the last change touched: it is marked once.</summary>
    public bool Glows(Guid id) => _glowing.Contains(id);

    public bool Shows(Guid id) => _rows.Exists(row => row.Id == id);

    public void Load(OrderPage page, bool isNewestPage)
    {
        Clear();
        _rows.AddRange(page.Rows);
        (_isNewestPage, HasNewer, HasOlder) = (isNewestPage, page.HasNewer, page.HasOlder);
    }

    /// <param name="changed">Rows on the screen as they are now.</param>
    /// <param name="matching">Rows that match the filter and were not on the screen.</param>
    public void Apply(IReadOnlyList<OrderSummary> changed, IReadOnlyList<OrderSummary> matching, bool isAtTop)
    {
        _glowing.Clear();
        foreach (var row in changed)
        {
            var at = _rows.FindIndex(shown => shown.Id == row.Id);
            // What was read before the page must not undo it.
            if (at >= 0 && _rows[at] != row && row.Version >= _rows[at].Version)
            {
                _rows[at] = row;
                _glowing.Add(row.Id);
            }
        }

        foreach (var row in matching.Where(Belongs))
        {
            _waiting[row.Id] = row;
        }

        if (isAtTop)
        {
            ShowWaiting();
        }
    }

    public void ShowWaiting()
    {
        foreach (var row in _waiting.Values)
        {
            var at = _rows.FindIndex(shown => shown.Id.CompareTo(row.Id) < 0);
            _rows.Insert(at < 0 ? _rows.Count : at, row);
            _glowing.Add(row.Id);
        }

        _waiting.Clear();
        if (_rows.Count > size)
        {
            _rows.RemoveRange(size, _rows.Count - size);
            HasOlder = true;
        }
    }

    private bool Belongs(OrderSummary row) => _isNewestPage && !Shows(row.Id) && (_rows.Count < size || row.Id.CompareTo(_rows[^1].Id) > 0);

    private void Clear()
    {
        _rows.Clear();
        _waiting.Clear();
        _glowing.Clear();
    }
}
