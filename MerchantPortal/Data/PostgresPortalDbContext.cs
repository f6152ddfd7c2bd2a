using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

public sealed class PostgresPortalDbContext(DbContextOptions<PostgresPortalDbContext> options) : PortalDbContext(options);
