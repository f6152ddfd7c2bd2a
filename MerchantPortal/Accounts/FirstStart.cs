using MerchantPortal.Shell;

namespace MerchantPortal.Accounts;

/// <summary>
/// At start: creates the owner from the Bootstrap settings, or tells on the console where a person can do it. Does nothing once
/// there is an owner.
/// </summary>
internal sealed class FirstStart(
    IConfiguration configuration, CreateOwner createOwner, OwnerQueries owners, SetupToken token, PortalUrls urls, IHostApplicationLifetime lifetime)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await owners.ExistsAsync(cancellationToken))
        {
            return;
        }

        var bootstrap = configuration.GetSection("Bootstrap");
        if (bootstrap["OwnerEmail"] is { Length: > 0 } email)
        {
            await BootstrapAsync(bootstrap, email, cancellationToken);
            return;
        }

        var secret = token.Issue();
        // The address is known once the server listens. Written to the console and not to the log: it is a secret.
        lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine($"{Environment.NewLine}  Set up this portal: {urls.Base}setup?token={secret}{Environment.NewLine}"));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task BootstrapAsync(IConfigurationSection bootstrap, string email, CancellationToken cancellationToken)
    {
        var result = await createOwner.ExecuteAsync(
            new NewOwner(
                bootstrap["StoreName"] is { Length: > 0 } store ? store : "MerchantPortal",
                "Asia/Shanghai", 0, CultureChoice.Chinese,
                email.Split('@')[0], email, bootstrap["OwnerPassword"] ?? "", bootstrap["ApiKey"]),
            cancellationToken);
        if (result is CreateOwnerResult.Invalid invalid)
        {
            throw new InvalidOperationException($"Bootstrap settings cannot be used: {string.Join(", ", invalid.Codes)}. Correct Bootstrap:OwnerEmail, Bootstrap:OwnerPassword and Bootstrap:StoreName.");
        }
    }
}
