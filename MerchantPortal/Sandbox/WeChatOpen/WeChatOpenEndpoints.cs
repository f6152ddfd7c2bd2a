using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox.WeChatOpen;

/// <summary>open.weixin.qq.com and api.weixin.qq.com, as far as a shop asks them who its visitor is. There is one visitor, who never refuses.</summary>
internal static class WeChatOpenEndpoints
{
    /// <summary>Field of <see cref="SandboxMerchant.Secrets"/>.</summary>
    public const string AppSecret = "app_secret";

    private const string Scope = "snsapi_base";

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        var open = sandbox.MapGroup("/wechat-open");
        open.MapGet("/connect/oauth2/authorize", AuthorizeAsync);
        open.MapGet("/sns/oauth2/access_token", ExchangeAsync);
    }

    /// <summary>Sends the browser straight back. WeChat goes to the app's registered domain only; here that is the portal itself.</summary>
    private static async Task AuthorizeAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var appId = query["appid"].ToString();
        var portal = http.RequestServices.GetRequiredService<PortalUrls>().Base;
        if (query["response_type"] != "code" || query["scope"] != Scope
            || !Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var back) || back.GetLeftPart(UriPartial.Authority) != portal.GetLeftPart(UriPartial.Authority)
            || await FindAsync(http, appId) is null)
        {
            await RefuseAsync(http, back: query["redirect_uri"].ToString());
            return;
        }

        var code = http.RequestServices.GetRequiredService<WeChatCodes>().Issue(appId);
        var join = back.Query.Length > 0 ? '&' : '?';
        http.Response.Redirect($"{back.GetLeftPart(UriPartial.Query)}{join}code={code}&state={Uri.EscapeDataString(query["state"].ToString())}");
    }

    private static async Task ExchangeAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var merchant = await FindAsync(http, query["appid"].ToString());
        var error = merchant is null ? new WeChatOpenError(40013, "invalid appid")
            : query["secret"] != merchant.Secrets.GetValueOrDefault(AppSecret) ? new WeChatOpenError(40125, "invalid appsecret")
            : query["grant_type"] != "authorization_code" ? new WeChatOpenError(40002, "invalid grant_type")
            : query["code"].ToString().Length == 0 ? new WeChatOpenError(41008, "missing code")
            : http.RequestServices.GetRequiredService<WeChatCodes>().Take(query["code"].ToString(), merchant.AppId);
        await http.Response.WriteAsJsonAsync(
            error is null
                ? new JsonObject
                {
                    ["access_token"] = SandboxNumbers.Key(),
                    ["expires_in"] = 7200,
                    ["refresh_token"] = SandboxNumbers.Key(),
                    ["openid"] = SandboxNumbers.OpenId,
                    ["scope"] = Scope,
                }
                : new JsonObject { ["errcode"] = error.ErrCode, ["errmsg"] = error.ErrMsg },
            http.RequestAborted);
    }

    private static async Task<SandboxMerchant?> FindAsync(HttpContext http, string appId) =>
        await http.RequestServices.GetRequiredService<TradeQueries>().FindWeChatAppAsync(appId, http.RequestAborted);

    /// <summary>WeChat's own words. The visitor sees them, and the shop hears nothing.</summary>
    private static Task RefuseAsync(HttpContext http, string back)
    {
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(back.Length == 0 ? "redirect_uri 参数错误" : "redirect_uri 域名与后台配置不一致，或 appid、scope 错误（10003）", http.RequestAborted);
    }
}
