using System.Text.Json;
using System.Text.Json.Nodes;

namespace MerchantPortal.Api;

/// <summary>What an API call answers, as bytes that can be kept and sent again. 400 and above is <c>application/problem+json</c>.</summary>
public sealed record ApiAnswer(int StatusCode, string Body) : IResult
{
    /// <summary>Seconds for <c>Retry-After</c>; null for none. Not kept with a stored answer.</summary>
    public int? RetryAfter { get; init; }

    public static ApiAnswer Ok<T>(T body) => Of(StatusCodes.Status200OK, body);

    public static ApiAnswer Created<T>(T body) => Of(StatusCodes.Status201Created, body);

    /// <param name="code">Stable; programs decide by it.</param>
    /// <param name="detail">One English sentence for the developer who reads it. Never a secret, never an internal name.</param>
    /// <param name="more">Further members, e.g. the field that is wrong.</param>
    public static ApiAnswer Problem(int statusCode, string code, string detail, params (string Name, JsonNode? Value)[] more)
    {
        var problem = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(statusCode),
            ["status"] = statusCode,
            ["code"] = code,
            ["detail"] = detail,
        };
        foreach (var (name, value) in more)
        {
            problem[name] = value;
        }

        return new ApiAnswer(statusCode, problem.ToJsonString(ApiJson.Options));
    }

    public static ApiAnswer NotFound(string what) => Problem(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}.");

    public static ApiAnswer Unprocessable(string code, string detail) => Problem(StatusCodes.Status422UnprocessableEntity, code, detail);

    public static ApiAnswer Conflict(string code, string detail) => Problem(StatusCodes.Status409Conflict, code, detail);

    /// <summary>Several fields are wrong: field → what to do.</summary>
    public static ApiAnswer Invalid(IReadOnlyDictionary<string, string> errors) => Problem(
        StatusCodes.Status422UnprocessableEntity, "invalid_fields", "Some fields are not usable; see errors.",
        ("errors", new JsonObject(errors.Select(error => KeyValuePair.Create(error.Key, (JsonNode?)error.Value)))));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCode;
        response.ContentType = StatusCode >= 400 ? "application/problem+json" : "application/json";
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(Body, httpContext.RequestAborted);
    }

    private static ApiAnswer Of<T>(int statusCode, T body) => new(statusCode, JsonSerializer.Serialize(body, ApiJson.Options));
}
