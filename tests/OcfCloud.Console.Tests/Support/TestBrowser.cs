using System.Net;
using System.Text.RegularExpressions;

namespace OcfCloud.Console.Tests.Support;

/// <summary>A browser without script: keeps cookies, follows redirects on its host, sends the forms of pages.</summary>
internal sealed partial class TestBrowser(HttpMessageHandler handler, Uri home) : IDisposable
{
    private readonly HttpClient _http = new(handler) { BaseAddress = home };
    private readonly CookieContainer _cookies = new();

    /// <summary>The names of the cookies that it holds.</summary>
    public IEnumerable<string> Cookies => _cookies.GetCookies(home).Select(cookie => cookie.Name);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a page, following redirects as far as they stay on the host.</summary>
    public Task<TestPage> OpenAsync(string url) => FollowAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>Opens a page and follows nothing.</summary>
    public Task<TestPage> OpenOnlyAsync(string url) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>Sends the form of a page whose action is this, with its hidden fields and those given; a null takes a field away.</summary>
    public Task<TestPage> SubmitAsync(TestPage page, string action, params (string Name, string? Value)[] fields) => FollowAsync(Post(action, Merge(page.FormOf(action), fields)));

    /// <summary>Sends fields that no page made.</summary>
    public Task<TestPage> PostAsync(string action, params (string Name, string? Value)[] fields) => SendAsync(Post(action, Merge([], fields)));

    /// <summary>Sends a body that no page made.</summary>
    public Task<TestPage> PostAsync(string action, HttpContent body) => SendAsync(new HttpRequestMessage(HttpMethod.Post, action) { Content = body });

    public async Task<TestPage> LogInAsync(string name, string password = TestCloud.Password, string returnUrl = "/")
    {
        var page = await OpenAsync("/login?returnUrl=" + Uri.EscapeDataString(returnUrl));
        return await SubmitAsync(page, "/login", ("username", name), ("password", password));
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Post(string action, IEnumerable<KeyValuePair<string, string>> fields) => new(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(fields) };

    private static List<KeyValuePair<string, string>> Merge(IEnumerable<KeyValuePair<string, string>> hidden, (string Name, string? Value)[] fields) =>
    [
        .. hidden.Where(field => fields.All(given => given.Name != field.Key)),
        .. fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Name, field.Value!)),
    ];

    private async Task<TestPage> FollowAsync(HttpRequestMessage request)
    {
        var page = await SendAsync(request);
        for (var hops = 0; hops < 10 && page.Location is { } next && (!next.IsAbsoluteUri || next.Authority == home.Authority); hops++)
            page = await SendAsync(new HttpRequestMessage(HttpMethod.Get, next));
        return page;
    }

    private async Task<TestPage> SendAsync(HttpRequestMessage request)
    {
        if (_cookies.GetCookieHeader(home) is { Length: > 0 } cookies) request.Headers.Add("Cookie", cookies);
        using var answer = await _http.SendAsync(request, Cancellation);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set) _cookies.SetCookies(home, cookie);
        }

        return new TestPage(answer.StatusCode, answer.Headers.Location, await answer.Content.ReadAsStringAsync(Cancellation), answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>A page as it came.</summary>
internal sealed partial record TestPage(HttpStatusCode Status, Uri? Location, string Html, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The query of the redirect.</summary>
    public Dictionary<string, string> Answer => Location!.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')), StringComparer.Ordinal);

    /// <summary>What a reader sees.</summary>
    public string Text => WebUtility.HtmlDecode(Spaces().Replace(Tags().Replace(Html, " "), " "));

    /// <summary>The hidden fields of the form with this action.</summary>
    public IEnumerable<KeyValuePair<string, string>> FormOf(string action)
    {
        var form = Forms().Matches(Html).FirstOrDefault(match => WebUtility.HtmlDecode(match.Groups["action"].Value) == action)
            ?? throw new InvalidOperationException($"No form leads to {action}: {Status} {Html}");
        return Hidden().Matches(form.Value).Select(match => KeyValuePair.Create(WebUtility.HtmlDecode(match.Groups["name"].Value), WebUtility.HtmlDecode(match.Groups["value"].Value))).ToArray();
    }

    [GeneratedRegex("<form[^>]* action=\"(?<action>[^\"]*)\".*?</form>", RegexOptions.Singleline, 1000)]
    private static partial Regex Forms();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
