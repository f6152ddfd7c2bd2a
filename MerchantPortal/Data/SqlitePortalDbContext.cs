using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

public sealed class SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options) : PortalDbContext(options);
