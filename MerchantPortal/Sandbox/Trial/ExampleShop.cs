using MerchantPortal.Products;

namespace MerchantPortal.Sandbox.Trial;

/// <summary>What a new shop's shelf shows until it has goods of its own. Sold to Chinese buyers, hence in Chinese.</summary>
internal static class ExampleShop
{
    /// <param name="Picture">File below <c>img/</c> of the web root.</param>
    internal sealed record Example(string Picture, ProductForm Form);

    public static IReadOnlyList<Example> Products { get; } =
    [
        new("example-tea.png", new ProductForm("明前龙井 50g", "清明前采摘，豆香清甜，回甘悠长。", 12_800, null, 40)),
        new("example-cup.png", new ProductForm("手绘青花盖碗", "景德镇手绘，约 150 ml，配瓷托。", 8_900, null, 25)),
        new("example-cake.png", new ProductForm("桂花糕（六块装）", "当日现蒸，糯而不粘，阴凉处可放三天。", 2_680, null, 60)),
    ];
}
