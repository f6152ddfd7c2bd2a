using MerchantPortal.Shell;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace MerchantPortal.Checkout;

/// <summary>The script that shops load from their own pages. The only thing here that other sites may load.</summary>
[AllowAnonymous]
[OwnContentPolicy]
[Route("/embed/checkout.js")]
public sealed class EmbedScriptController(EmbedScript script) : ControllerBase
{
    /// <summary>An update reaches every shop within minutes; in between an unchanged script costs no bytes.</summary>
    private const string Caching = "public, max-age=600";

    [HttpGet]
    [HttpHead]
    public IResult Get()
    {
        var packs = Request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value == "gzip" && coding.Quality is not 0);
        var headers = Response.Headers;
        headers.CacheControl = Caching;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // A browser checks an integrity attribute only on what it may read.
        headers.AccessControlAllowOrigin = "*";
        if (packs)
        {
            headers.ContentEncoding = "gzip";
        }

        return Results.Bytes(packs ? script.Packed : script.Plain, "text/javascript; charset=utf-8", entityTag: packs ? script.PackedTag : script.PlainTag);
    }
}
