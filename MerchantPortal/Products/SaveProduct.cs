using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Products;

/// <summary>Makes a product or changes one. Orders that exist keep the name and price they were placed with.</summary>
public sealed class SaveProduct(PortalWriter writer, TimeProvider time)
{
    private static readonly ProductFormValidator Validator = new();

    /// <param name="productId">Null makes a new product.</param>
    /// <param name="seenVersion">The version that the editor saw; a newer one refuses the change. Null overwrites whatever is there.</param>
    public Task<SaveProductResult> ExecuteAsync(Guid? productId, int? seenVersion, ProductForm form, Actor actor, CancellationToken cancellationToken)
    {
        var validation = Validator.Validate(form);
        return validation.IsValid
            ? writer.WriteAsync((db, ct) => SaveAsync(db, productId, seenVersion, form, actor, ct), cancellationToken)
            : Task.FromResult<SaveProductResult>(new SaveProductResult.Invalid(
                validation.Errors.DistinctBy(error => error.PropertyName).ToDictionary(error => error.PropertyName, error => error.ErrorCode)));
    }

    private async Task<SaveProductResult> SaveAsync(
        PortalDbContext db, Guid? productId, int? seenVersion, ProductForm form, Actor actor, CancellationToken cancellationToken)
    {
        if (productId is null)
        {
            var now = time.GetUtcNow();
            var added = new Product { Id = Guid.CreateVersion7(now), StoreId = actor.StoreId, Name = "", Price = form.Price, CreatedAt = now };
            Fill(added, form);
            db.Products.Add(added);
            return new SaveProductResult.Saved(added);
        }

        var product = await db.Products.SingleOrDefaultAsync(row => row.Id == productId && row.StoreId == actor.StoreId, cancellationToken);
        if (product is null)
        {
            return new SaveProductResult.NotFound();
        }

        if (seenVersion is { } seen && seen != product.Version)
        {
            return new SaveProductResult.ChangedMeanwhile(product);
        }

        var price = product.Price;
        Fill(product, form);
        if (price != product.Price)
        {
            await db.AuditAsync(actor, new(AuditActions.ProductPriceChanged, product.Name, Facts(price), Facts(product.Price)), time.GetUtcNow(), cancellationToken);
        }

        return new SaveProductResult.Saved(product);
    }

    private static Dictionary<string, string> Facts(long price) => new() { ["price"] = Money.Display(price) };

    private static void Fill(Product product, ProductForm form)
    {
        product.Name = form.Name.Trim();
        product.Description = form.Description.Trim();
        product.Price = form.Price;
        product.ImageUrl = string.IsNullOrWhiteSpace(form.ImageUrl) ? null : form.ImageUrl;
        product.Stock = form.Stock;
    }
}

/// <param name="Price">分.</param>
/// <param name="ImageUrl">A picture's path below the portal (<c>/media/…</c>), or an https address; null for none.</param>
/// <param name="Stock">Pieces left; null when the product is not counted.</param>
public sealed record ProductForm(string Name, string Description, long Price, string? ImageUrl, int? Stock);

public abstract record SaveProductResult
{
    public sealed record Saved(Product Product) : SaveProductResult;

    /// <param name="Errors">Property of <see cref="ProductForm"/> → stable code of what is wrong.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, string> Errors) : SaveProductResult;

    public sealed record NotFound : SaveProductResult;

    /// <summary>Somebody else changed it, or pieces were sold, since the editor saw it. Nothing was written.</summary>
    public sealed record ChangedMeanwhile(Product Current) : SaveProductResult;
}
