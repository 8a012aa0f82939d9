using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OcfCloud.Console.Tests.Support;

/// <summary>Another cloud, or an app, as the authorization server sees it.</summary>
internal sealed class OAuthPeer(TestCloud cloud, string clientId, string? secret, string redirectUri)
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    public static string Challenge { get; } = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public string ClientId => clientId;

    public string? Secret => secret;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An authorization request; a given parameter replaces the one that would be there, null takes it away.</summary>
    public string RequestUrl(params (string Name, string? Value)[] parameters) => "/oauth/authorize?" + string.Join('&', new (string Name, string? Value)[]
    {
        ("client_id", clientId), ("redirect_uri", redirectUri), ("response_type", "code"), ("scope", "r:* w:* offline_access"), ("state", "the state"),
        ("code_challenge", Challenge), ("code_challenge_method", "S256"),
    }.Where(parameter => parameters.All(given => given.Name != parameter.Name)).Concat(parameters).Where(parameter => parameter.Value is not null)
        .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));

    /// <summary>Has a user allow the request and gives the answer that the peer gets.</summary>
    public async Task<TestPage> AllowAsync(TestBrowser browser, params (string Name, string? Value)[] parameters) => await DecideAsync(browser, "allow", parameters);

    public async Task<TestPage> DecideAsync(TestBrowser browser, string decision, params (string Name, string? Value)[] parameters)
    {
        var consent = await browser.OpenAsync(RequestUrl(parameters));
        return await browser.SubmitAsync(consent, "/oauth/authorize", ("decision", decision));
    }

    /// <summary>The whole flow for a user who is not logged in yet.</summary>
    public async Task<TokenAnswer> LinkAsync(string user, params (string Name, string? Value)[] parameters)
    {
        using var browser = cloud.Browse();
        await browser.LogInAsync(user);
        return (await RedeemAsync((await AllowAsync(browser, parameters)).Answer["code"])).Succeeded();
    }

    public Task<TokenAnswer> RedeemAsync(string code, params (string Name, string? Value)[] parameters) => SendAsync(
        "/oauth/token", [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", Verifier)], parameters);

    public Task<TokenAnswer> RefreshAsync(string refreshToken, params (string Name, string? Value)[] parameters) =>
        SendAsync("/oauth/token", [("grant_type", "refresh_token"), ("refresh_token", refreshToken)], parameters);

    public Task<TokenAnswer> RevokeAsync(string token) => SendAsync("/oauth/revoke", [("token", token)], []);

    public Task<TokenAnswer> IntrospectAsync(string token) => SendAsync("/oauth/introspect", [("token", token)], []);

    /// <summary>Calls an API with a token.</summary>
    public async Task<HttpStatusCode> CallAsync(string? token)
    {
        using var answer = await RequestAsync(token);
        return answer.StatusCode;
    }

    public async Task<HttpResponseMessage> RequestAsync(string? token)
    {
        using var http = cloud.CreateClient();
        if (token is not null) http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return await http.GetAsync("/api/who", Cancellation);
    }

    public async Task<TokenAnswer> SendAsync(string path, (string Name, string? Value)[] usual, (string Name, string? Value)[] parameters, AuthenticationHeaderValue? authorization = null)
    {
        using var http = cloud.CreateClient();
        var form = usual.Where(field => parameters.All(given => given.Name != field.Name)).Concat(parameters).Where(field => field.Value is not null)
            .Select(field => KeyValuePair.Create(field.Name, field.Value!)).ToList();
        if (secret is null) form.Add(KeyValuePair.Create("client_id", clientId));
        else http.DefaultRequestHeaders.Authorization = authorization ?? Basic(clientId, secret);
        if (form.Exists(field => field.Key == "client_secret")) http.DefaultRequestHeaders.Authorization = null;
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent(form), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        return new TokenAnswer(answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, answer.Headers.WwwAuthenticate.ToString());
    }

    public static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secret)}")));
}

/// <summary>What an endpoint of the authorization server answered.</summary>
internal sealed record TokenAnswer(HttpStatusCode Status, JsonElement Json, string Challenge)
{
    public string AccessToken => this["access_token"]!;

    public string RefreshToken => this["refresh_token"]!;

    public string? Error => this["error"];

    public string? this[string member] => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    public TokenAnswer Succeeded() => Status == HttpStatusCode.OK && Error is null ? this : throw new InvalidOperationException($"{Status}: {Json}");
}
