using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OcfCloud.Simulator.Tests.LogIn;

/// <summary>The endpoints that programs use of a cloud's authorization server; the user's part is played by the test.</summary>
internal sealed class FakeAuthorizationServer
{
    private int _issued;

    /// <summary>Seconds that the next access token lives.</summary>
    public long ExpiresIn { get; set; } = 600;

    /// <summary>What the token endpoint refuses with; null: nothing.</summary>
    public string? Refusal { get; set; }

    /// <summary>The challenge of the code that was given out.</summary>
    public string? Challenge { get; set; }

    /// <summary>What came to the token and revocation endpoints.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Requests { get; } = new();

    public static string IssuerOf(string url) => url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public void Map(WebApplication app)
    {
        app.MapGet("/.well-known/oauth-authorization-server", (HttpContext context) => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = IssuerOf($"https://{context.Request.Host}"),
            ["authorization_endpoint"] = $"https://{context.Request.Host}/oauth/authorize",
            ["token_endpoint"] = $"https://{context.Request.Host}/oauth/token",
            ["revocation_endpoint"] = $"https://{context.Request.Host}/oauth/revoke",
            ["authorization_response_iss_parameter_supported"] = true,
        }));
        app.MapPost("/oauth/token", (Func<HttpContext, Task<IResult>>)IssueAsync);
        app.MapPost("/oauth/revoke", async (HttpContext context) =>
        {
            await ReadAsync(context);
            return Results.Ok();
        });
    }

    private async Task<IResult> IssueAsync(HttpContext context)
    {
        var form = await ReadAsync(context);
        if (Refusal is not null) return Refuse(Refusal);
        if (form["grant_type"] == "authorization_code" && Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))) != Challenge) return Refuse("invalid_grant");
        var number = Interlocked.Increment(ref _issued);
        return Results.Json(new Dictionary<string, object>
        {
            ["access_token"] = $"access-{number}",
            ["token_type"] = "Bearer",
            ["expires_in"] = ExpiresIn,
            ["refresh_token"] = $"refresh-{number}",
            ["scope"] = "mediator offline_access",
        });
    }

    private static IResult Refuse(string error) => Results.Json(
        new Dictionary<string, string> { ["error"] = error, ["error_description"] = "The token is no longer valid." }, statusCode: StatusCodes.Status400BadRequest);

    private async Task<Dictionary<string, string>> ReadAsync(HttpContext context)
    {
        var form = (await context.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        Requests.Enqueue(form);
        return form;
    }
}
