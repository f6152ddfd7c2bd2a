using MerchantPortal.Shell;
using Microsoft.Net.Http.Headers;

namespace MerchantPortal.Products;

public static class ProductsFeature
{
    public static IServiceCollection AddProducts(this IServiceCollection services)
    {
        services.AddSingleton<ProductQueries>();
        services.AddSingleton<SaveProduct>();
        services.AddSingleton<ArchiveProduct>();
        services.AddSingleton<UploadProductImage>();
        return services;
    }

    public static IEndpointRouteBuilder MapProducts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/media/{id:guid}", ServeImageAsync).AllowAnonymous().WithMetadata(new OwnContentPolicyAttribute()).ExcludeFromDescription();
        endpoints.MapProductsApi();
        return endpoints;
    }

    /// <summary>A picture never changes under its id, so browsers and proxies may keep it for good.</summary>
    private static async Task<IResult> ServeImageAsync(Guid id, ProductQueries products, HttpContext context)
    {
        if (await products.FindImageAsync(id, context.RequestAborted) is not { } image)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers[HeaderNames.ContentSecurityPolicy] = "default-src 'none'; sandbox";
        context.Response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(image.Bytes, image.ContentType);
    }
}
