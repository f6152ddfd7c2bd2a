namespace MerchantPortal.Data;

/// <summary>After the master key was exchanged: seals all that is stored under it, at once or not at all, so that the key before can go.</summary>
internal sealed class RenewSecrets(MasterKey master, SecretBox secrets, PortalWriter writer, IEnumerable<ISealedRows> rows)
{
    /// <summary>Does nothing where no other key is configured.</summary>
    public Task ExecuteAsync(CancellationToken cancellationToken) => master.Others.Count == 0
        ? Task.CompletedTask
        : writer.WriteAsync(
            async (db, ct) =>
            {
                foreach (var kind in rows)
                {
                    await kind.RenewAsync(db, secrets, ct);
                }

                return true;
            },
            cancellationToken);
}
