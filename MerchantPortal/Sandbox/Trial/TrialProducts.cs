using MerchantPortal.Accounts;
using MerchantPortal.Products;

namespace MerchantPortal.Sandbox.Trial;

/// <summary>Something to sell: the shop's own goods where it has any, else three examples with pictures.</summary>
public sealed class TrialProducts(ProductQueries queries, SaveProduct save, UploadProductImage upload, IWebHostEnvironment environment)
{
    /// <returns>Products that an order can be placed for; at least one.</returns>
    public async Task<IReadOnlyList<Guid>> EnsureAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await queries.PageAsync(actor.StoreId, search: null, archived: false, olderThan: null, size: 20, cancellationToken);
        var usable = page.Rows.Where(product => product.Stock is not <= 0).Select(product => product.Id).ToList();
        return usable.Count > 0 ? usable : await AddExamplesAsync(actor, cancellationToken);
    }

    private async Task<IReadOnlyList<Guid>> AddExamplesAsync(Actor actor, CancellationToken cancellationToken)
    {
        var added = new List<Guid>();
        foreach (var example in ExampleShop.Products)
        {
            var form = example.Form with { ImageUrl = await PictureAsync(example.Picture, actor, cancellationToken) };
            if (await save.ExecuteAsync(null, null, form, actor, cancellationToken) is SaveProductResult.Saved saved)
            {
                added.Add(saved.Product.Id);
            }
        }

        return added.Count > 0 ? added : throw new InvalidOperationException("None of the example products could be saved.");
    }

    /// <returns>Null where the picture cannot be had: a product sells without one.</returns>
    private async Task<string?> PictureAsync(string name, Actor actor, CancellationToken cancellationToken)
    {
        var file = environment.WebRootFileProvider.GetFileInfo($"img/{name}");
        if (!file.Exists)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await using (var stream = file.CreateReadStream())
        {
            await stream.CopyToAsync(bytes, cancellationToken);
        }

        return await upload.ExecuteAsync(bytes.ToArray(), actor, cancellationToken) is UploadProductImageResult.Stored stored ? stored.Url : null;
    }
}
