using MerchantPortal.Payments;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Metadata.Conventions.Infrastructure;

namespace MerchantPortal.Data;

/// <summary>
/// An index for each foreign key, but for one that every payment would have to write and nobody reads: attempts are never deleted, and an
/// attempt's payments are found among its order's.
/// </summary>
internal sealed class ForeignKeyIndexes(ProviderConventionSetBuilderDependencies dependencies) : ForeignKeyIndexConvention(dependencies)
{
    protected override IConventionIndex? CreateIndex(IReadOnlyList<IConventionProperty> properties, bool unique, IConventionEntityTypeBuilder entityTypeBuilder) =>
        entityTypeBuilder.Metadata.ClrType == typeof(Payment) && properties is [{ Name: nameof(Payment.AttemptId) }]
            ? null
            : base.CreateIndex(properties, unique, entityTypeBuilder);
}
