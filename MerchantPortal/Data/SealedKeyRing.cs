using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>Keeps the cookie key ring in the database, sealed with the master key, so that all instances share it.</summary>
internal sealed class SealedKeyRing(IDbContextFactory<PortalDbContext> contexts, PortalWriter writer, SecretBox secrets) : IXmlRepository
{
    internal const string Purpose = "data-protection-key";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        return [.. db.DataProtectionKeys.AsNoTracking().AsEnumerable().Select(row =>
            XElement.Parse(Encoding.UTF8.GetString(secrets.Open(Guid.Empty, Purpose, Convert.FromBase64String(row.Xml)))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var sealedXml = Convert.ToBase64String(secrets.Seal(Guid.Empty, Purpose, Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))));
        // The interface is synchronous; it is called once in ninety days, outside any request that holds the gate.
        writer.WriteAsync(
            (db, _) =>
            {
                db.DataProtectionKeys.Add(new DataProtectionKeyRow { FriendlyName = friendlyName, Xml = sealedXml });
                return Task.FromResult(true);
            },
            CancellationToken.None).GetAwaiter().GetResult();
    }
}
