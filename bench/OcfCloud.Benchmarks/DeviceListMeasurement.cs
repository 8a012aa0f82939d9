using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OcfCloud.CloudApi.Devices;
using OcfCloud.CloudApi.Problems;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;
using OcfCloud.Core.Twins;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;
using OcfCloud.Storage.Sqlite;

namespace OcfCloud.Benchmarks;

/// <summary>
/// <c>GET /api/v1/devices</c> over HTTP on SQLite, for a user with few and with many devices of five links each: the time of the whole answer, what is allocated for a
/// device, and what is alive on the way (a full collection at eight places of the answer while its reader waits; server and reader are one process).
/// </summary>
internal sealed class DeviceListMeasurement : IAsyncDisposable
{
    private static readonly int[] Sizes = [10, 1_000, 10_000];

    private readonly string _folder = Directory.CreateTempSubdirectory("ocfcloud-bench-").FullName;
    private readonly WebApplication _app;

    private DeviceListMeasurement()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var services = builder.Services;
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddRouting();
        services.AddCloudCore();
        services.AddSqliteStore(_folder);
        services.AddCloudIdentity(tokens => tokens.Issuer = "https://cloud.test", new KeyRingOptions { Folder = _folder });
        services.AddCloudBearerChecks(_ => { }, _ => { });
        services.AddProblemAnswers();
        services.AddSingleton<IDeviceRequests, NoDevices>();
        services.AddDevicesApi();
        _app = builder.Build();
        _app.UseRouting();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapDevicesApi();
    }

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync()
    {
        await using var measurement = new DeviceListMeasurement();
        await measurement._app.Services.GetRequiredService<StoreMigration>().ApplyAsync(CancellationToken.None);
        await measurement._app.StartAsync();
        global::System.Console.WriteLine("content devices      bytes    ms  µs/device  allocated/device  alive (KB)");
        var users = new Dictionary<int, HttpClient>();
        foreach (var size in Sizes) users[size] = await measurement.UserAsync(size);
        foreach (var content in new[] { "base", "all" })
        {
            foreach (var (size, client) in users) await MeasureAsync(client, content, size);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task MeasureAsync(HttpClient client, string content, int size)
    {
        var path = "/api/v1/devices?content=" + content;
        var bytes = await ReadAsync(client, path, _ => { });
        await ReadAsync(client, path, _ => { });
        var times = new List<double>();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await ReadAsync(client, path, _ => { });
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 5;
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        long alive = 0, next = 0;
        await ReadAsync(client, path, read =>
        {
            if (read < next) return;
            next += bytes / 8;
            alive = Math.Max(alive, GC.GetTotalMemory(forceFullCollection: true) - idle);
        });
        var median = times.Order().ElementAt(2);
        global::System.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{content,7} {size,7} {bytes,10} {median,5:F0} {1000 * median / size,10:F0} {allocated / size,17} {alive / 1024,11}"));
    }

    private static async Task<long> ReadAsync(HttpClient client, string path, Action<long> onRead)
    {
        using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[16_384];
        long all = 0;
        while (await body.ReadAsync(buffer) is > 0 and var read)
        {
            all += read;
            onRead(all);
        }

        return all;
    }

    private async Task<HttpClient> UserAsync(int size)
    {
        var services = _app.Services;
        var user = new UserId((await services.GetRequiredService<UserAccounts>().AddAsync($"user{size}", password: null, administrator: false, CancellationToken.None)).User!.Id);
        var device = DeviceId.New();
        var accounts = services.GetRequiredService<DeviceAccounts>();
        var oneTime = await services.GetRequiredService<OneTimeTokens>().IssueAsync(user, device, CancellationToken.None);
        var signUp = await accounts.SignUpAsync(device, oneTime!.Token, CancellationToken.None);
        var session = await accounts.SignInAsync(device, user, signUp.AccessToken, CancellationToken.None);
        string[] hrefs = ["/oic/d", "/oic/p", "/light", "/dimmer", "/color"];
        await services.GetRequiredService<ResourceDirectory>().PublishAsync(device, user, [.. hrefs.Select(LinkOf)], ttl: null, CancellationToken.None);
        var twins = services.GetRequiredService<TwinWriter>();
        // {"n": "a lamp of the bench", "rt": ["oic.wk.d", "oic.d.light"]}
        var representation = Convert.FromHexString("a2616e7361206c616d70206f66207468652062656e63686272748268" + "6f69632e776b2e646b6f69632e642e6c69676874");
        foreach (var href in hrefs) twins.Changed(device, user, session.Session, href, representation, 10000);
        await twins.StopAsync(CancellationToken.None);
        Multiply(device, size);

        _ = ScopeSet.TryParse("r:*", out var scope);
        var token = await services.GetRequiredService<AccessTokens>().IssueAsync(user, "bench", "bench", scope!, TimeSpan.FromHours(1), CancellationToken.None);
        var address = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new HttpClient { BaseAddress = new Uri(address), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token.Text) } };
    }

    // Signing ten thousand devices up would take longer than all that is measured.
    private void Multiply(DeviceId template, int size)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "ocfcloud.db")}");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        var id = template.ToString().ToUpperInvariant();
        Execute(connection, $"""
            CREATE TEMP TABLE copies AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size}), r(h) AS (SELECT hex(randomblob(16)) FROM n WHERE i < {size})
            SELECT substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4) || '-' || substr(h, 17, 4) || '-' || substr(h, 21, 12) AS id FROM r
            """);
        foreach (var (table, key) in new[] { ("devices", "Id"), ("links", "DeviceId"), ("twins", "DeviceId") })
        {
            var columns = Query(connection, $"SELECT name FROM pragma_table_info('{table}')").Where(column => column != key).Select(column => $"\"{column}\"").ToList();
            Execute(connection, $"INSERT INTO {table} (\"{key}\", {string.Join(", ", columns)}) SELECT c.id, {string.Join(", ", columns.Select(c => "t." + c))} FROM {table} t, copies c WHERE t.\"{key}\" = '{id}'");
        }

        Execute(connection, "DROP TABLE copies");
        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var all = new List<string>();
        while (reader.Read()) all.Add(reader.GetString(0));
        return all;
    }

    private static ResourceLink LinkOf(string path) =>
        ResourceHref.TryParse(path, out var href) && ResourceLink.TryCreate(href, ["oic.r.switch.binary"], ["oic.if.a", "oic.if.baseline"], 3, [], out var link)
            ? link
            : throw new ArgumentException(path);

    private sealed class NoDevices : IDeviceRequests
    {
        public Task<DeviceAnswer> SendAsync(DeviceRequest request, CancellationToken cancellationToken) => Task.FromResult(new DeviceAnswer(DeviceOutcome.Offline));
    }
}
