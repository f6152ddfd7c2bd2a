using System.Net;
using System.Text;
using MerchantPortal.Products;
using MerchantPortal.Tests.Orders;

namespace MerchantPortal.Tests.Products;

public sealed class ProductPictureTests
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xC0, 0, 11, 8, 0, 20, 0, 30, 1, 1, 0x11, 0];
    private static readonly byte[] WebP = Convert.FromBase64String("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

    [Fact]
    public void A_picture_is_known_by_its_bytes()
    {
        Assert.Equal(new PictureFormat("image/png", 1, 1), PictureFormat.Read(Png));
        Assert.Equal(new PictureFormat("image/jpeg", 30, 20), PictureFormat.Read(Jpeg));
        Assert.Equal(new PictureFormat("image/webp", 1, 1), PictureFormat.Read(WebP));
    }

    [Fact]
    public void Every_beginning_of_a_picture_is_read_without_harm()
    {
        foreach (var whole in new[] { Png, Jpeg, WebP })
        {
            for (var length = 0; length < whole.Length; length++)
            {
                PictureFormat.Read(whole.AsSpan(0, length));
            }
        }
    }

    [Theory]
    [InlineData("<html><script>alert(1)</script></html>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("\u0089PNG then text")]
    [InlineData("GIF89a\u0001\u0000\u0001\u0000")]
    [InlineData("")]
    public async Task A_page_that_calls_itself_a_picture_is_refused(string content)
    {
        await using var shop = await OrderShop.OpenAsync();

        var result = await shop.Portal.Get<UploadProductImage>().ExecuteAsync(Encoding.Latin1.GetBytes(content), shop.Actor, CancellationToken.None);

        Assert.IsType<UploadProductImageResult.NotAPicture>(result);
    }

    [Fact]
    public async Task A_picture_that_is_too_heavy_or_claims_to_be_huge_is_refused()
    {
        await using var shop = await OrderShop.OpenAsync();
        var upload = shop.Portal.Get<UploadProductImage>();
        var huge = (byte[])Png.Clone();
        huge[16] = 0x7F;

        Assert.IsType<UploadProductImageResult.TooLarge>(await upload.ExecuteAsync(new byte[UploadProductImage.MaxBytes + 1], shop.Actor, CancellationToken.None));
        Assert.IsType<UploadProductImageResult.TooLarge>(await upload.ExecuteAsync(huge, shop.Actor, CancellationToken.None));
    }

    [Fact]
    public async Task A_kept_picture_is_served_to_anyone_as_what_it_is_and_for_good()
    {
        await using var shop = await OrderShop.OpenAsync();
        var stored = Assert.IsType<UploadProductImageResult.Stored>(
            await shop.Portal.Get<UploadProductImage>().ExecuteAsync(Png, shop.Actor, CancellationToken.None));
        using var browser = shop.Portal.CreateClient();

        using var answer = await browser.GetAsync(new Uri(shop.Portal.Address, stored.Url));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.Equal(Png, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri(shop.Portal.Address, $"/media/{Guid.NewGuid():N}"))).StatusCode);
    }
}
