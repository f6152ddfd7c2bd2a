using MerchantPortal.Accounts;
using MerchantPortal.Api;
using MerchantPortal.Cases;
using MerchantPortal.Checkout;
using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Orders;
using MerchantPortal.Overview;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels.AlipayMapi;
using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Channels.BeeCloud;
using MerchantPortal.Payments.Channels.WeChatLegacyApp;
using MerchantPortal.Payments.Channels.WeChatPayV2;
using MerchantPortal.Payments.Channels.WeChatPayV3;
using MerchantPortal.Products;
using MerchantPortal.Sandbox;
using MerchantPortal.Settings;
using MerchantPortal.Shell;
using MerchantPortal.Subscriptions;

var commandLine = CommandLine.Parse(args);
var builder = WebApplication.CreateBuilder(commandLine.Settings);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddData(builder.Configuration);
builder.Services.AddShell();
builder.Services.AddAccounts();
builder.Services.AddProducts();
builder.Services.AddOrders();
builder.Services.AddCases();
builder.Services.AddPayments();
builder.Services.AddWeChatPayV3();
builder.Services.AddWeChatPayV2();
builder.Services.AddAlipayOpenApi();
builder.Services.AddBeeCloud();
builder.Services.AddAlipayMapi();
builder.Services.AddWeChatLegacyApp();
builder.Services.AddSubscriptions();
builder.Services.AddCheckout();
builder.Services.AddApi();
builder.Services.AddSettings();
builder.Services.AddOperations(commandLine);
builder.Services.AddOverview();
builder.Services.AddSandbox(builder.Configuration, builder.Environment);
builder.Services.AddControllers();

var app = builder.Build();
if (commandLine.Verb is not null)
{
    return await app.Services.GetRequiredService<RunVerb>().ExecuteAsync(commandLine, CancellationToken.None);
}

await app.Services.GetRequiredService<OneInstance>().TakeAsync(CancellationToken.None);
await app.Services.GetRequiredService<MigratePortal>().ExecuteAsync(CancellationToken.None);
await app.Services.GetRequiredService<EnsureMasterKey>().ExecuteAsync(CancellationToken.None);
app.UseTrustedProxies();
app.UseApi();
app.UseShell();
app.MapShell();
app.MapAccounts();
app.MapProducts();
app.MapOrders();
app.MapPayments();
app.MapSubscriptions();
app.MapApi();
app.MapSandbox();
app.MapControllers();
await app.RunAsync();
return 0;
