using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OcfCloud.Console.Assets;

/// <summary>The console's style sheets and icon, out of this assembly; nothing comes from another site.</summary>
internal static class AssetEndpoints
{
    private static readonly FrozenDictionary<string, Asset> All = new[]
    {
        Read("pico-2.1.1.min.css", "text/css; charset=utf-8"),
        Read("console.css", "text/css; charset=utf-8"),
        Read("icon.svg", "image/svg+xml"),
        Read("pico-2.1.1.LICENSE.md", "text/plain; charset=utf-8"),
    }.ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    /// <summary>The address of an asset; its content is in it, so a browser may keep it for ever.</summary>
    public static string UrlOf(string name) => $"{ConsolePaths.Assets}/{name}?v={All[name].Version}";

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(ConsolePaths.Assets + "/{name}", (HttpContext context, string name) =>
    {
        if (!All.TryGetValue(name, out var asset)) return Results.NotFound();
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = context.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(asset.Content, asset.ContentType);
    }).AllowAnonymous();

    private static Asset Read(string name, string contentType)
    {
        using var stream = typeof(AssetEndpoints).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Asset(name, contentType, content, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
    }

    private sealed record Asset(string Name, string ContentType, byte[] Content, string Version);
}
