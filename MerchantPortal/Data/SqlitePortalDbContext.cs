using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

public sealed class SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options) : PortalDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Guid>().HaveConversion<IdBytesConverter>();
        // For the values of ExecuteSql. EF does not ask it for those of FromSql and SqlQuery, nor when it reads what is no entity: no ids there.
        configurationBuilder.DefaultTypeMapping<Guid>().HasConversion<IdBytesConverter>();
    }
}
