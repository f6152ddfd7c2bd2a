using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace MerchantPortal.Api;

#pragma warning disable CA1000 // The framework's contract for binding is static.
/// <summary>A JSON request, read once with a size limit: either a value or the answer that says what is wrong with it.</summary>
public sealed class ApiBody<T> : IApiBody, IBindableFromHttpContext<ApiBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;

    private ApiBody(T? value, ApiAnswer? problem, byte[] bytes) => (_value, Problem, Bytes) = (value, problem, bytes);

    public ApiAnswer? Problem { get; }

    public byte[] Bytes { get; }

    /// <summary>Only asked for where there is no <see cref="Problem"/>: <see cref="RefuseBadBodies"/> answers that first.</summary>
    public T Value => _value ?? throw new InvalidOperationException("The request has no value.");

    public static async ValueTask<ApiBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
        {
            return new(null, ApiAnswer.Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send the body as application/json in UTF-8."), []);
        }

        if (await ApiBodyReader.ReadAsync(context.Request, context.RequestAborted) is not { } bytes)
        {
            return new(null, ApiAnswer.Problem(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"The body is larger than {ApiBodyReader.MaxBytes} bytes."), []);
        }

        var (value, problem) = Parse(bytes);
        return new(value, problem, bytes);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static (T? Value, ApiAnswer? Problem) Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, ApiJson.Options) is { } value
                ? (value, null)
                : (null, Bad("malformed_json", "The body must be a JSON object.", null));
        }
        catch (JsonException exception)
        {
            return (null, Explain(bytes, exception));
        }
    }

    private static ApiAnswer Explain(byte[] bytes, JsonException exception)
    {
        var field = exception.Path is { Length: > 1 } path ? path.TrimStart('$', '.') : null;
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = ApiJson.Options.MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Bad("malformed_json", "The body must be a JSON object.", null);
            }

            return IsUsableWithoutUnknown(bytes) && (UnknownRootField(document) ?? field) is { } unknown
                ? Bad("unknown_field", $"The field '{unknown}' is not one of this call's.", unknown)
                : Bad("invalid_field", "The value has the wrong type, or a field stands twice.", field);
        }
        catch (JsonException)
        {
            return Bad("malformed_json", "The body is not JSON.", null);
        }
    }

    private static bool IsUsableWithoutUnknown(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, ApiJson.Tolerant) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? UnknownRootField(JsonDocument document)
    {
        var known = ApiJson.Options.GetTypeInfo(typeof(T)) is { Kind: JsonTypeInfoKind.Object } info
            ? info.Properties.Select(property => property.Name).ToHashSet(StringComparer.Ordinal)
            : [];
        return document.RootElement.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !known.Contains(name));
    }

    private static ApiAnswer Bad(string code, string detail, string? field) => field is null
        ? ApiAnswer.Problem(StatusCodes.Status400BadRequest, code, detail)
        : ApiAnswer.Problem(StatusCodes.Status400BadRequest, code, detail, ("field", field));
}

/// <summary>What filters see of a request body of any type.</summary>
public interface IApiBody
{
    /// <summary>The answer to give instead of running the call; null when the body is usable.</summary>
    ApiAnswer? Problem { get; }

    /// <summary>The bytes as they came.</summary>
    byte[] Bytes { get; }
}
