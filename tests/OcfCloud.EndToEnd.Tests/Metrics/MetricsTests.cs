using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Metrics;

/// <summary>What the host exports, seen as Prometheus sees it. Others use this cloud at the same time: what is counted rises at least by what was done here.</summary>
public sealed partial class MetricsTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private const string Requests = "ocfcloud_gateway_requests_total";

    // Of the histogram, which has nothing before its first request.
    private static readonly string[] HistogramParts = ["_bucket", "_sum", "_count"];

    private Cloud Cloud => fixture.Cloud;

    [Fact]
    public async Task What_devices_do_is_counted()
    {
        var before = await Scrape.OfAsync(Cloud);
        await using var pair = await Pair.JoinAsync(fixture.User);
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
        Assert.Equal("2.04", (await pair.Client.RequestAsync("POST", pair.PathOf("/light"), Cbor.Map(("value", 1)))).CodeText);
        Assert.Equal("2.04", (await pair.Device.TryRefreshAsync()).CodeText);
        await using var stranger = new TestDevice(Cloud);
        await stranger.ConnectAsync();
        Assert.Equal("4.01", (await stranger.TrySignUpAsync("unknown")).CodeText);
        await stranger.Connection.EndAsync();

        await AssertRisesAsync(2, "ocfcloud_gateway_sign_ins_total", "result=\"accepted\"");
        await AssertRisesAsync(2, "ocfcloud_gateway_sign_ups_total", "result=\"accepted\"");
        await AssertRisesAsync(1, "ocfcloud_gateway_sign_ups_total", "result=\"unauthorized\"");
        await AssertRisesAsync(1, "ocfcloud_gateway_token_refreshes_total", "result=\"accepted\"");
        await AssertRisesAsync(3, "ocfcloud_gateway_connections_accepted_total");
        await AssertRisesAsync(1, Requests, "target=\"device\"", "method=\"GET\"", "code=\"2.05\"");
        await AssertRisesAsync(1, Requests, "target=\"device\"", "method=\"POST\"", "code=\"2.04\"");
        await AssertRisesAsync(1, Requests, "target=\"cloud\"", "method=\"POST\"", "code=\"4.01\"");
        await AssertRisesAsync(2, "ocfcloud_gateway_routing_duration_seconds_count");
        await AssertRisesAsync(1, "ocfcloud_gateway_connections_closed_total", "reason=\"closed\"");
        var after = await Scrape.OfAsync(Cloud);
        Assert.True(after.Of("ocfcloud_gateway_connections") >= 2);
        Assert.True(after.Of("ocfcloud_gateway_sessions") >= 2);
        Assert.True(after.Of("ocfcloud_gateway_tls_sessions") >= 1);

        // The exporter answers scrapes that follow one another closely with the same figures.
        Task AssertRisesAsync(int least, string name, params string[] labels) =>
            Eventually.EqualAsync((name, true), async () => (name, (await Scrape.OfAsync(Cloud)).Of(name, labels) >= before.Of(name, labels) + least));
    }

    [Fact]
    public async Task Handshakes_that_fail_are_counted_by_their_reason()
    {
        const string Failed = "ocfcloud_gateway_handshakes_failed_total";
        var before = await Scrape.OfAsync(Cloud);
        using (var silent = new TcpClient())
            await silent.ConnectAsync(Cloud.Coaps, TestContext.Current.CancellationToken);
        using var unreadable = DeviceCertificates.WithUnreadableName();
        foreach (var certificate in (X509Certificate2?[])[null, unreadable])
        {
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await using var refused = await WireConnection.ConnectAsync(Cloud.Coaps, certificate, Cloud.Authority);
                await refused.PingAsync();
            });
        }

        foreach (var reason in (string[])["no_client_hello", "certificate_missing", "certificate_untrusted"])
            await Eventually.EqualAsync(true, async () => (await Scrape.OfAsync(Cloud)).Of(Failed, $"reason=\"{reason}\"") > before.Of(Failed, $"reason=\"{reason}\""));
    }

    [Fact]
    public async Task The_page_and_the_dashboard_name_what_is_exported_and_the_page_names_all_of_it()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);

        // The figures of the store come with the first look at it.
        await Eventually.EqualAsync(true, async () => (await Scrape.OfAsync(Cloud)).Names.Contains("ocfcloud_outbox_lag_seconds"));
        var exported = (await Scrape.OfAsync(Cloud)).Names.Select(FamilyOf).ToHashSet(StringComparer.Ordinal);
        var page = PageName().Matches(await ReadAsync("metrics.md")).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        using var dashboard = JsonDocument.Parse(await ReadAsync("grafana-dashboard.json"));
        var queried = Expressions(dashboard.RootElement).SelectMany(text => QueriedName().Matches(text).Select(match => FamilyOf(match.Value))).ToHashSet(StringComparer.Ordinal);

        Assert.True(queried.Count > 30);
        Assert.Empty(page.Except(exported));
        Assert.Empty(queried.Except(exported));
        Assert.Empty(exported.Where(name => name.StartsWith("ocfcloud_", StringComparison.Ordinal)).Except(page));
    }

    private static string FamilyOf(string name) => HistogramParts.FirstOrDefault(part => name.EndsWith(part, StringComparison.Ordinal)) is { } part ? name[..^part.Length] : name;

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", file), TestContext.Current.CancellationToken);

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member.Name == "expr" ? [member.Value.GetString()!] : member.Name == "query" && member.Value.ValueKind == JsonValueKind.String ? [member.Value.GetString()!] : Expressions(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    [GeneratedRegex("""^\| `(?<name>[a-z0-9_]+)` \|""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex PageName();

    [GeneratedRegex("(ocfcloud|http|kestrel|dotnet)_[a-z0-9_]+(?=[{,])", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex QueriedName();
}
