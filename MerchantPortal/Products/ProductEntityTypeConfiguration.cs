using MerchantPortal.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Products;

internal sealed class ProductEntityTypeConfiguration : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.HasOne<Store>().WithMany().HasForeignKey(product => product.StoreId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(product => product.Name).HasMaxLength(200);
        builder.Property(product => product.Description).HasMaxLength(4000);
        builder.Property(product => product.ImageUrl).HasMaxLength(2000);
        builder.HasIndex(product => new { product.StoreId, product.Id });
    }
}

internal sealed class ProductImageEntityTypeConfiguration : IEntityTypeConfiguration<ProductImage>
{
    public void Configure(EntityTypeBuilder<ProductImage> builder) => builder.Property(image => image.ContentType).HasMaxLength(40);
}
