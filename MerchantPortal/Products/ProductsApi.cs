using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Api;

namespace MerchantPortal.Products;

/// <summary>The catalogue for merchants' systems.</summary>
public static class ProductsApi
{
    public static void MapProductsApi(this IEndpointRouteBuilder app)
    {
        var products = app.MapApiV1().MapGroup("/products").WithTags("Products");
        products.MapPost("", CreateAsync).Needs(ApiScopes.ProductsWrite).Once().Produces<ProductJson>(StatusCodes.Status201Created);
        products.MapGet("", ListAsync).Needs(ApiScopes.ProductsRead).Produces<ApiList<ProductJson>>();
        products.MapPut("{id:guid}", ReplaceAsync).Needs(ApiScopes.ProductsWrite).Produces<ProductJson>();
        products.MapPost("{id:guid}/archive", ArchiveAsync).Needs(ApiScopes.ProductsWrite).Produces<ProductJson>();
    }

    private static async Task<ApiAnswer> CreateAsync(ApiBody<ProductRequest> body, ApiCaller caller, SaveProduct save, CancellationToken cancellationToken) =>
        await save.ExecuteAsync(null, null, body.Value.ToForm(), caller.Actor, cancellationToken) switch
        {
            SaveProductResult.Saved saved => ApiAnswer.Created(ProductJson.Of(saved.Product)),
            var refused => Refusal(refused),
        };

    private static async Task<ApiAnswer> ReplaceAsync(
        Guid id, ApiBody<ProductRequest> body, ApiCaller caller, SaveProduct save, CancellationToken cancellationToken) =>
        await save.ExecuteAsync(id, null, body.Value.ToForm(), caller.Actor, cancellationToken) switch
        {
            SaveProductResult.Saved saved => ApiAnswer.Ok(ProductJson.Of(saved.Product)),
            var refused => Refusal(refused),
        };

    private static async Task<ApiAnswer> ArchiveAsync(Guid id, ApiCaller caller, ArchiveProduct archive, CancellationToken cancellationToken) =>
        await archive.ExecuteAsync(id, archived: true, caller.Actor, cancellationToken) is { } product
            ? ApiAnswer.Ok(ProductJson.Of(product))
            : ApiAnswer.NotFound("product");

    private static async Task<ApiAnswer> ListAsync(
        ApiPage page, bool? archived, ApiCaller caller, ProductQueries products, HttpContext context, CancellationToken cancellationToken)
    {
        var found = await products.PageAsync(caller.StoreId, null, archived ?? false, page.After, page.Limit, cancellationToken);
        return ApiPage.Answer(context, [.. found.Rows.Select(ProductJson.Of)], found.HasMore, product => product.Id);
    }

    private static ApiAnswer Refusal(SaveProductResult result) => result switch
    {
        SaveProductResult.Invalid invalid => ApiAnswer.Problem(
            StatusCodes.Status422UnprocessableEntity, invalid.Errors.First().Value, "The product is not usable; see errors.",
            ("errors", new JsonObject(invalid.Errors.Select(error => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Key), (JsonNode?)error.Value))))),
        SaveProductResult.ChangedMeanwhile => ApiAnswer.Conflict("changed_meanwhile", "Somebody else changed the product; read it again."),
        SaveProductResult.NotFound => ApiAnswer.NotFound("product"),
        _ => throw new InvalidOperationException("A saved product is not a refusal."),
    };
}

/// <param name="Price">分.</param>
/// <param name="Stock">Pieces left; null when the product is not counted.</param>
public sealed record ProductRequest(string? Name, long? Price, string? ImageUrl = null, string? Description = null, int? Stock = null)
{
    internal ProductForm ToForm() => new(Name ?? "", Description ?? "", Price ?? 0, ImageUrl, Stock);
}

/// <inheritdoc cref="ProductRequest"/>
public sealed record ProductJson(
    Guid Id, string Name, long Price, string Currency, string? ImageUrl, string Description, int? Stock, bool Archived, DateTimeOffset CreatedAt)
{
    internal static ProductJson Of(Product product) => new(
        product.Id, product.Name, product.Price, Money.Currency, product.ImageUrl, product.Description, product.Stock,
        product.ArchivedAt is not null, product.CreatedAt);
}
