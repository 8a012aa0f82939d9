using System.Net;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Identity.Clients;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>Which requests are answered where: to the client with its <c>state</c>, or, where the client or its redirect URI is the error, on a page
/// (RFC 6749, 4.1.2.1).</summary>
public sealed class AuthorizationRequestTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task Errors_of_a_request_go_back_to_the_client_with_its_state()
    {
        var peer = await _cloud.AddPeerAsync();
        (string Error, (string, string?)[] Parameters)[] cases =
        [
            ("invalid_request", [("response_type", null)]),
            ("unsupported_response_type", [("response_type", "token"), ("code_challenge", null), ("code_challenge_method", null)]),
            ("invalid_scope", [("scope", "no:such")]),
            ("invalid_scope", [("scope", "r:* mediator")]),
            ("invalid_scope", [("scope", "openid")]),
            ("invalid_request", [("code_challenge_method", "plain")]),
            ("invalid_request", [("code_challenge_method", null)]),
            ("invalid_request", [("code_challenge", null)]),
            ("invalid_request", [("response_mode", "fragment")]),
            ("invalid_request", [("prompt", "select_account")]),
            ("login_required", [("prompt", "none")]),
            ("request_not_supported", [("request", "eyJhbGciOiJub25lIn0.e30.")]),
        ];
        using var browser = _cloud.Browse();

        foreach (var (error, parameters) in cases)
        {
            var answer = await browser.OpenOnlyAsync(peer.RequestUrl(parameters));

            Assert.True(answer.Location is not null, $"{parameters[0]}: {answer.Status} {answer.Html}");
            Assert.StartsWith(TestCloud.RedirectUri + "?", answer.Location.ToString(), StringComparison.Ordinal);
            Assert.Equal((parameters[0].Item1, error), (parameters[0].Item1, answer.Answer["error"]));
            Assert.Equal("the state", answer.Answer["state"]);
        }
    }

    [Fact]
    public async Task Who_names_no_scope_asks_for_reading_and_needs_to_be_registered_for_it()
    {
        var peer = await _cloud.AddPeerAsync(scope: "w:* mediator");
        using var browser = _cloud.Browse();

        var answer = await browser.OpenOnlyAsync(peer.RequestUrl(("scope", null)));

        Assert.Equal("invalid_scope", answer.Answer["error"]);
        Assert.Contains("r:*", answer.Answer["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://[::1]:1234/callback", "http:", "http://[::1]:1234")]
    [InlineData("http://127.0.0.1:1234/callback", "http://127.0.0.1:1234", "http://127.0.0.1:1234")]
    [InlineData("com.example.app:/callback", "com.example.app:", "com.example.app:")]
    [InlineData("com.example.app://host/callback", "com.example.app:", "com.example.app://host")]
    public async Task The_consent_page_may_lead_to_an_app_and_says_where_it_leads(string redirectUri, string source, string said)
    {
        var app = await _cloud.AddPeerAsync(redirectUri, isPublic: true);
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");

        var consent = await browser.OpenAsync(app.RequestUrl());

        Assert.Contains($"form-action 'self' {source};", consent.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains($"sent back to {said} .", consent.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_state_a_request_is_invalid()
    {
        var peer = await _cloud.AddPeerAsync();
        using var browser = _cloud.Browse();

        foreach (var state in new[] { null, "" })
        {
            var answer = (await browser.OpenOnlyAsync(peer.RequestUrl(("state", state)))).Answer;

            Assert.Equal("invalid_request", answer["error"]);
            Assert.Contains("state", answer["error_description"], StringComparison.Ordinal);
            Assert.DoesNotContain("state", answer.Keys);
        }
    }

    [Fact]
    public async Task A_redirect_uri_that_is_not_registered_to_the_letter_leads_nowhere()
    {
        string[] uris =
        [
            "https://evil.example/callback",
            "https://peer.example/callback/",
            "https://peer.example/callback?next=https://evil.example",
            "https://peer.example/Callback",
            "https://peer.example:444/callback",
            "https://peer.example@evil.example/callback",
            "https://peer.example/callback/../elsewhere",
            "https://PEER.example/callback",
            "http://peer.example/callback",
            "https://peer.example/callback#fragment",
            "//evil.example/callback",
            "javascript:alert(1)",
        ];
        var peer = await _cloud.AddPeerAsync();
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");

        // Neither a good request nor a bad one.
        foreach (var uri in uris)
        {
            foreach (var extra in new (string, string?)[] { ("scope", "r:*"), ("scope", "no:such"), ("response_type", null) })
            {
                var answer = await browser.OpenOnlyAsync(peer.RequestUrl(("redirect_uri", uri), extra));

                Assert.Equal((uri, HttpStatusCode.BadRequest), (uri, answer.Status));
                Assert.Null(answer.Location);
                Assert.Contains("cannot be answered", answer.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task An_unknown_client_gets_a_page()
    {
        var peer = await _cloud.AddPeerAsync();
        using var browser = _cloud.Browse();

        foreach (var id in new[] { "nobody", "", null })
        {
            var answer = await browser.OpenOnlyAsync(peer.RequestUrl(("client_id", id)));

            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Null(answer.Location);
            Assert.StartsWith("text/html", answer.Headers["Content-Type"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_redirect_uri_that_comes_twice_leads_nowhere()
    {
        var peer = await _cloud.AddPeerAsync();
        using var browser = _cloud.Browse();

        var answer = await browser.OpenOnlyAsync(peer.RequestUrl() + "&redirect_uri=https%3A%2F%2Fevil.example");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task Of_a_loopback_uri_the_port_alone_is_free()
    {
        string[] uris =
        [
            "http://127.0.0.2:50123/callback",
            "http://localhost:50123/callback",
            "https://127.0.0.1:50123/callback",
            "http://127.0.0.1:50123/elsewhere",
            "http://evil.example:50123/callback",
        ];
        var app = await _cloud.AddPeerAsync("http://127.0.0.1/callback", isPublic: true);
        using var browser = _cloud.Browse();

        foreach (var uri in uris) Assert.Equal((uri, HttpStatusCode.BadRequest), (uri, (await browser.OpenOnlyAsync(app.RequestUrl(("redirect_uri", uri)))).Status));
    }

    [Fact]
    public async Task The_port_of_a_confidential_clients_loopback_uri_is_not_free()
    {
        var peer = await _cloud.AddPeerAsync("http://127.0.0.1:1234/callback");
        using var browser = _cloud.Browse();

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenOnlyAsync(peer.RequestUrl(("redirect_uri", "http://127.0.0.1:1235/callback")))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.OpenOnlyAsync(peer.RequestUrl())).Status);
    }

    [Fact]
    public async Task A_public_client_has_to_use_PKCE()
    {
        var app = await _cloud.AddPeerAsync("https://app.example/callback", isPublic: true);
        using var browser = _cloud.Browse();

        var answer = await browser.OpenOnlyAsync(app.RequestUrl(("code_challenge", null), ("code_challenge_method", null)));

        Assert.Equal("invalid_request", answer.Answer["error"]);
    }

    [Fact]
    public async Task Prompt_login_asks_for_the_password_again_and_once()
    {
        var peer = await _cloud.AddPeerAsync();
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");

        var logIn = await browser.OpenAsync(peer.RequestUrl(("prompt", "login")));
        Assert.Contains("Log in", logIn.Text, StringComparison.Ordinal);
        var consent = await browser.SubmitAsync(logIn, "/login", ("username", "alice"), ("password", TestCloud.Password));

        Assert.Contains("Allow", consent.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registrations_with_addresses_that_are_not_safe_are_refused()
    {
        foreach (var uri in new[] { "http://peer.example/cb", "https://peer.example/cb#x", "/cb", "javascript:alert(1)", "https://u:p@peer.example/cb", "ftp://peer.example/cb", "com.example.app:/cb", "" })
            Assert.NotNull((await _cloud.Clients.AddAsync(new ClientRegistration("Peer", [uri], ["r:*"], IsPublic: false), TestContext.Current.CancellationToken)).Refusal);
        await _cloud.AddPeerAsync("com.example.app:/cb", isPublic: true);
    }
}
