using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>What a browser without script does, without a browser: keeps cookies, follows redirects and pages that go on by themselves, presses buttons of forms.</summary>
/// <param name="trust">The authorities, or self-signed certificates, of the clouds that it goes to.</param>
internal sealed partial class PlainBrowser(params IEnumerable<X509Certificate2> trust) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,

        // As many as a browser keeps: the clouds share a host.
        CookieContainer = new CookieContainer { PerDomainCapacity = 180 },
        SslOptions = new() { CertificateChainPolicy = Trusting(trust) },
    });

    public Uri Url { get; private set; } = new("about:blank");

    public HttpStatusCode Status { get; private set; }

    public string Html { get; private set; } = "";

    /// <summary>The page's text without its tags.</summary>
    public string Text => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(Html, " ")), " ");

    /// <summary>Goes to an address, the present one's relatives included.</summary>
    public Task OpenAsync(string url) => SendAsync(HttpMethod.Get, Url.IsAbsoluteUri && Url.Scheme != "about" ? new Uri(Url, url) : new Uri(url), content: null);

    /// <summary>Follows the link with that text.</summary>
    public Task FollowAsync(string link)
    {
        var found = Links().Matches(Html).FirstOrDefault(a => Tags().Replace(a.Groups["text"].Value, "").Trim() == link);
        Assert.True(found is not null, $"No link \"{link}\" on {Url} ({Status}):\n{Text}");
        return OpenAsync(AttributesOf(found.Groups["tag"].Value)["href"]);
    }

    /// <summary>Presses a button; the first of that name, or the first after the given text.</summary>
    public Task ClickAsync(string button, params (string Name, string Value)[] fields) => ClickAfterAsync(after: null, button, fields);

    /// <inheritdoc cref="ClickAsync"/>
    public Task ClickAfterAsync(string? after, string button, params (string Name, string Value)[] fields)
    {
        var from = after is null ? 0 : Html.IndexOf(WebUtility.HtmlEncode(after), StringComparison.Ordinal);
        Assert.True(from >= 0, $"\"{after}\" is not on {Url}:\n{Text}");
        foreach (Match form in Forms().Matches(Html[from..]))
        {
            if (Buttons().Matches(form.Value).FirstOrDefault(b => Tags().Replace(b.Groups["text"].Value, "").Trim() == button) is not { } pressed) continue;
            var values = Inputs().Matches(form.Value).Select(input => AttributesOf(input.Value)).Where(input => input.GetValueOrDefault("type") == "hidden")
                .ToDictionary(input => input["name"], input => input.GetValueOrDefault("value", ""), StringComparer.Ordinal);
            if (AttributesOf(pressed.Groups["tag"].Value) is var own && own.TryGetValue("name", out var name)) values[name] = own.GetValueOrDefault("value", "");
            foreach (var (field, value) in fields) values[field] = value;
            var action = AttributesOf(form.Groups["tag"].Value).GetValueOrDefault("action", Url.ToString());
            return SendAsync(HttpMethod.Post, new Uri(Url, action), new FormUrlEncodedContent(values));
        }

        Assert.Fail($"No form with the button \"{button}\" on {Url} ({Status}):\n{Text}");
        return Task.CompletedTask;
    }

    public bool HasButton(string button) => Buttons().Matches(Html).Any(b => Tags().Replace(b.Groups["text"].Value, "").Trim() == button);

    /// <summary>Logs in at a cloud of ours.</summary>
    public async Task LogInAsync(Cloud cloud, string name, string password)
    {
        await OpenAsync($"https://localhost:{cloud.Https.Port}/login");
        await ClickAsync("Log in", ("username", name), ("password", password));
        Assert.False(HasButton("Log in"), Text);
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(HttpMethod method, Uri url, HttpContent? content)
    {
        for (var hops = 0; ; hops++)
        {
            Assert.True(hops < 20, $"Redirects without end at {url}.");
            using var request = new HttpRequestMessage(method, url) { Content = content };
            request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
            using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            if (answer.Headers.Location is not { } location || (int)answer.StatusCode is < 300 or > 399)
            {
                (Url, Status, Html) = (url, answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                if (Refreshes().Match(Html) is not { Success: true } refresh) return;
                (url, method, content) = (new Uri(url, WebUtility.HtmlDecode(refresh.Groups["url"].Value)), HttpMethod.Get, null);
                continue;
            }

            url = new Uri(url, location);
            if (answer.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)) (method, content) = (HttpMethod.Get, null);
        }
    }

    private static X509ChainPolicy Trusting(IEnumerable<X509Certificate2> trust)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (var certificate in trust) policy.CustomTrustStore.Add(certificate);
        return policy;
    }

    private static Dictionary<string, string> AttributesOf(string tag) => Attributes().Matches(tag)
        .GroupBy(a => a.Groups["name"].Value.ToLowerInvariant()).ToDictionary(g => g.Key, g => WebUtility.HtmlDecode(g.First().Groups["value"].Value), StringComparer.Ordinal);

    [GeneratedRegex("<form\\b(?<tag>[^>]*)>.*?</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Forms();

    [GeneratedRegex("<a\\b(?<tag>[^>]*)>(?<text>.*?)</a>", RegexOptions.Singleline | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Links();

    [GeneratedRegex("<button\\b(?<tag>[^>]*)>(?<text>.*?)</button>", RegexOptions.Singleline | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Buttons();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Inputs();

    [GeneratedRegex("<meta http-equiv=\"refresh\" content=\"0; url=(?<url>[^\"]*)\"", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Refreshes();

    [GeneratedRegex("(?<name>[a-zA-Z-]+)=\"(?<value>[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Attributes();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
