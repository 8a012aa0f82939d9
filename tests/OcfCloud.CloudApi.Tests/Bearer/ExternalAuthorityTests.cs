using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.CloudApi.Tests.Bearer;

public sealed class ExternalAuthorityTests : IAsyncLifetime
{
    private const string Registrations = "/mediator/v1/registrations";

    private Authority _authority = null!;
    private CloudApiHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _authority = await Authority.StartAsync();
        _host = await CloudApiHost.StartAsync(Use);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _authority.DisposeAsync();
    }

    [Fact]
    public async Task An_unknown_user_becomes_one_at_first_use_and_stays_the_same()
    {
        using var first = await RegisterAsync(_authority.Issue());
        using var second = await RegisterAsync(_authority.Issue());
        using var other = await RegisterAsync(_authority.Issue(("sub", "Carol")));

        var uid = (await first.JsonAsync(HttpStatusCode.Created)).Text("uid");
        var carol = (await _host.Users.FindAsync("carol", Cancellation))!;
        Assert.Equal(carol.Id.ToString("D"), uid);
        Assert.Null(carol.PasswordHash);
        Assert.False(carol.IsAdministrator);
        Assert.Equal(uid, (await second.JsonAsync(HttpStatusCode.Created)).Text("uid"));
        // Subjects are case-sensitive (OpenID Connect Core, 2).
        Assert.NotEqual(uid, (await other.JsonAsync(HttpStatusCode.Created)).Text("uid"));
    }

    [Fact]
    public async Task The_configured_claim_is_the_users_name()
    {
        await using var host = await CloudApiHost.StartAsync(options =>
        {
            Use(options);
            options.UserClaim = "preferred_username";
        });
        var alice = await host.AddUserAsync("alice");
        using var client = host.As(_authority.Issue(("sub", "248289761001"), ("preferred_username", "alice")));
        using var nameless = host.As(_authority.Issue(("sub", "alice")));

        using var answer = await client.PostAsync(Registrations);
        using var refused = await nameless.PostAsync(Registrations);

        Assert.Equal(alice.ToString(), (await answer.JsonAsync(HttpStatusCode.Created)).Text("uid"));
        await RefusedAsync(refused);
    }

    [Fact]
    public async Task The_registration_goes_on_with_tokens_of_this_cloud()
    {
        using var registered = await RegisterAsync(_authority.Issue());
        var body = await registered.JsonAsync(HttpStatusCode.Created);

        using var mediator = _host.As(body.Text("accesstoken"));
        using var answer = await mediator.PostAsync("/mediator/v1/device-tokens");

        await answer.JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Own_tokens_are_good_beside_them()
    {
        using var alice = await _host.MediatorOfAsync("alice");

        using var answer = await alice.PostAsync(Registrations);

        await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(0, _authority.Fetches);
    }

    [Fact]
    public async Task Scopes_are_read_in_the_forms_that_servers_write()
    {
        using var array = await RegisterAsync(_authority.Issue(("scope", new[] { "openid", "mediator" })));
        using var scp = await RegisterAsync(_authority.Issue(("scope", null), ("scp", new[] { "mediator" })));
        using var none = await RegisterAsync(_authority.Issue(("scope", null)));
        using var other = await RegisterAsync(_authority.Issue(("scope", "openid")));

        await array.JsonAsync(HttpStatusCode.Created);
        await scp.JsonAsync(HttpStatusCode.Created);
        await none.RefusedAsync(HttpStatusCode.Forbidden);
        await other.RefusedAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("aud", "other.example")]
    [InlineData("aud", null)]
    [InlineData("iss", "https://other.example")]
    [InlineData("iss", null)]
    [InlineData("exp", null)]
    [InlineData("exp", 1_000_000_000)]
    [InlineData("nbf", 4_000_000_000L)]
    [InlineData("sub", null)]
    [InlineData("sub", "")]
    [InlineData("sub", true)]
    [InlineData("sub", " carol")]
    public async Task A_token_that_is_not_for_us_is_refused(string claim, object? value)
    {
        using var answer = await RegisterAsync(_authority.Issue((claim, value)));

        await RefusedAsync(answer);
        Assert.False(await _host.Users.AnyAsync(Cancellation));
    }

    [Fact]
    public async Task A_forged_token_is_refused()
    {
        await using var forger = await Authority.StartAsync();

        using var answer = await RegisterAsync(forger.Issue(("iss", _authority.Issuer)));

        await RefusedAsync(answer);
    }

    [Fact]
    public async Task Our_own_issuer_cannot_be_claimed_by_the_authority()
    {
        var alice = await _host.AddUserAsync("alice");

        using var answer = await RegisterAsync(_authority.Issue(("iss", CloudApiHost.Issuer), ("aud", "ocfcloud"), ("sub", alice.ToString())));

        await RefusedAsync(answer);
    }

    [Fact]
    public async Task An_authority_that_does_not_answer_is_no_fault_of_the_caller()
    {
        _authority.Answers = false;

        using var answer = await RegisterAsync(_authority.Issue());

        Assert.Equal("The external authorization server does not answer.", await answer.RefusedAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task An_authority_that_is_gone_leaves_own_tokens_good()
    {
        await _authority.StopAsync();
        using var alice = await _host.MediatorOfAsync("alice");

        using var theirs = await RegisterAsync(_authority.Issue());
        using var ours = await alice.PostAsync(Registrations);

        await theirs.RefusedAsync(HttpStatusCode.ServiceUnavailable);
        await ours.JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_authority_that_comes_back_is_asked_again()
    {
        _authority.Answers = false;
        using var before = await RegisterAsync(_authority.Issue());
        await before.RefusedAsync(HttpStatusCode.ServiceUnavailable);
        _authority.Answers = true;

        using var after = await RegisterAsync(_authority.Issue());

        await after.JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_is_known_of_the_authority_is_good_while_it_does_not_answer()
    {
        using var before = await RegisterAsync(_authority.Issue());
        await before.JsonAsync(HttpStatusCode.Created);
        _authority.Answers = false;

        using var after = await RegisterAsync(_authority.Issue());

        await after.JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_new_key_of_the_authority_is_fetched_when_a_token_names_it()
    {
        using var before = await RegisterAsync(_authority.Issue());
        await before.JsonAsync(HttpStatusCode.Created);
        _authority.Rotate();

        // The first token of a new key only causes the key set to be read again.
        var deadline = Environment.TickCount64 + 20_000;
        HttpStatusCode last;
        do
        {
            using var answer = await RegisterAsync(_authority.Issue());
            last = answer.StatusCode;
        }
        while (last != HttpStatusCode.Created && Environment.TickCount64 < deadline);
        Assert.Equal(HttpStatusCode.Created, last);
    }

    [Fact]
    public async Task An_authority_behind_a_private_CA_is_trusted_by_the_configured_anchors_alone()
    {
        using var certificate = SelfSigned("localhost");
        await using var authority = await Authority.StartAsync(certificate);
        await using var trusting = await CloudApiHost.StartAsync(options =>
        {
            options.Authority = authority.Issuer;
            options.Audience = Authority.Audience;
            options.TrustAnchors.Add(X509CertificateLoader.LoadCertificate(certificate.RawData));
        });
        await using var careful = await CloudApiHost.StartAsync(options =>
        {
            options.Authority = authority.Issuer;
            options.Audience = Authority.Audience;
        });

        using var trusted = trusting.As(authority.Issue());
        using var distrusted = careful.As(authority.Issue());
        using var good = await trusted.PostAsync(Registrations);
        using var bad = await distrusted.PostAsync(Registrations);

        await good.JsonAsync(HttpStatusCode.Created);
        await bad.RefusedAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("client_id", HttpStatusCode.Created)]
    [InlineData("azp", HttpStatusCode.Created)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    public async Task Subscriptions_are_for_tokens_that_name_a_client(string? claim, HttpStatusCode expected)
    {
        var token = _authority.Issue(("scope", "r:*"), ("client_id", claim == "client_id" ? "their-app" : null), ("azp", claim == "azp" ? "their-app" : null));
        using var client = _host.As(token);
        using var body = new StringContent(
            """{"eventsUrl":"https://203.0.114.1/events","eventTypes":["devices_online"],"signingSecret":"3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql"}""", null, "application/json");
        using var made = await client.PostAsync("/api/v1/devices/subscriptions", body, Cancellation);
        Assert.Equal(expected, made.StatusCode);
        if (expected == HttpStatusCode.Created) return;
        var one = $"/api/v1/devices/subscriptions/{Guid.NewGuid()}";
        var refusal = await made.RefusedAsync(HttpStatusCode.Forbidden);
        Assert.Equal(refusal, await (await client.GetAsync(one, Cancellation)).RefusedAsync(HttpStatusCode.Forbidden));
        Assert.Equal(refusal, await (await client.DeleteAsync(one, Cancellation)).RefusedAsync(HttpStatusCode.Forbidden));
    }

    private void Use(ExternalAuthorityOptions options)
    {
        options.Authority = _authority.Issuer;
        options.Audience = Authority.Audience;
    }

    private async Task<HttpResponseMessage> RegisterAsync(string token)
    {
        using var client = _host.As(token);
        return await client.PostAsync(Registrations);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        await answer.RefusedAsync(HttpStatusCode.Unauthorized);
        Assert.StartsWith("Bearer realm=\"ocfcloud\", error=\"invalid_token\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
