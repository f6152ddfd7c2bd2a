using System.Net;

namespace MerchantPortal.Sandbox;

/// <summary>
/// Who may pull the sandbox's strings: this machine itself, or a signed-in person. A wallet is open to whoever has its address, as a
/// payer's is; forms of other sites are refused everywhere.
/// </summary>
internal static class SandboxAccess
{
    public static RequestDelegate ForStaff(Func<HttpContext, Task> handler) => http =>
        (IsThisMachine(http) || http.User.Identity?.IsAuthenticated == true) && !IsFromOtherSite(http.Request) ? handler(http) : RefuseAsync(http);

    public static RequestDelegate ForPayers(Func<HttpContext, Task> handler) => http => IsFromOtherSite(http.Request) ? RefuseAsync(http) : handler(http);

    // A proxy on this machine calls from this machine for everybody.
    private static bool IsThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded");

    private static bool IsFromOtherSite(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
