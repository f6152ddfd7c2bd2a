using System.Globalization;
using System.Reflection;

namespace MerchantPortal.Api;

/// <summary>Which part of a list is asked for: <c>?limit=&amp;cursor=</c>.</summary>
/// <param name="After">Id of the last item of the part before; null for the first part.</param>
public sealed record ApiPage(int Limit, Guid? After, ApiAnswer? Problem) : IApiBody, IBindableFromHttpContext<ApiPage>
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    byte[] IApiBody.Bytes => [];

    public static ValueTask<ApiPage?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var cursors = context.RequestServices.GetRequiredService<ApiCursors>();
        var (limit, cursor) = (context.Request.Query["limit"], context.Request.Query["cursor"]);
        return ValueTask.FromResult<ApiPage?>((limit, cursor) switch
        {
            _ when Limit(limit) is not { } size => Bad("limit_invalid", $"limit is a whole number from 1 to {MaxLimit}."),
            ({ } size, { Count: 0 }) => new(Limit(size) ?? DefaultLimit, null, null),
            var (size, text) => cursors.Read(context, text.ToString()) is { } after
                ? new(Limit(size) ?? DefaultLimit, after, null)
                : Bad("cursor_invalid", "The cursor is not one that this list has given."),
        });

        static int? Limit(Microsoft.Extensions.Primitives.StringValues text) =>
            text.Count == 0 ? DefaultLimit
            : int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxLimit ? size
            : null;
    }

    /// <param name="last">Id of the last of the items.</param>
    public static ApiAnswer Answer<T>(HttpContext context, IReadOnlyList<T> items, bool hasMore, Func<T, Guid> last) => ApiAnswer.Ok(new ApiList<T>(
        items, hasMore ? context.RequestServices.GetRequiredService<ApiCursors>().Write(context, last(items[^1])) : null));

    private static ApiPage Bad(string code, string detail) =>
        new(DefaultLimit, null, ApiAnswer.Problem(StatusCodes.Status400BadRequest, code, detail));
}

/// <param name="NextCursor">Null at the end of the list.</param>
public sealed record ApiList<T>(IReadOnlyList<T> Items, string? NextCursor);
