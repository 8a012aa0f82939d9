using System.Net;
using System.Text.Json;
using Microsoft.OpenApi;
using OcfCloud.Host.Tests.Composition;

namespace OcfCloud.Host.Tests.OpenApi;

/// <summary>The API document as the running host serves it.</summary>
public sealed class ApiDocumentTests : IAsyncLifetime
{
    /// <summary>With this variable the served document is written over the committed one.</summary>
    private const string Renew = "OCFCLOUD_RENEW_OPENAPI";

    private const string Command = $"{Renew}=true dotnet run --project tests/OcfCloud.Host.Tests -- --filter-class OcfCloud.Host.Tests.OpenApi.ApiDocumentTests";

    private readonly Installation _installation = new();
    private RunningHost _host = null!;
    private string _served = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await RunningHost.StartAsync(_installation);
        using var answer = await _host.Https.GetAsync("/openapi/v1.json", Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        _served = (await answer.Content.ReadAsStringAsync(Cancellation)).ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _installation.Dispose();
    }

    [Fact]
    public async Task The_committed_file_is_what_the_host_serves()
    {
        var committed = Path.Combine(Root(), "openapi", "v1.json");
        if (Environment.GetEnvironmentVariable(Renew) == "true") await File.WriteAllTextAsync(committed, _served, Cancellation);

        Assert.True(_served == await File.ReadAllTextAsync(committed, Cancellation), $"openapi/v1.json is not what the host serves. Renew it: {Command}");
    }

    [Fact]
    public void It_is_a_good_document_of_OpenAPI_3_1()
    {
        var read = OpenApiDocument.Parse(_served, "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
    }

    [Fact]
    public void Every_operation_says_what_it_does_what_it_answers_and_who_may_ask()
    {
        foreach (var (name, operation) in Operations())
        {
            Assert.True(operation.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 0, $"{name} has no summary");
            var statuses = operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToList();
            Assert.True(statuses.Any(status => status[0] == '2'), $"{name} never succeeds");
            // What they bring is the proof, or they need none.
            if (name == "post /mediator/v1/tokenrefresh" || name.Contains("/onvif/cloud/", StringComparison.Ordinal)) continue;
            Assert.True(operation.TryGetProperty("security", out var security) && security.GetArrayLength() > 0, $"{name} asks for no token");
            Assert.Contains("401", statuses);
            Assert.Contains("403", statuses);
        }
    }

    [Fact]
    public void It_holds_the_APIs_and_no_pages()
    {
        var names = Operations().Select(operation => operation.Name).ToList();

        Assert.Contains("post /mediator/v1/device-tokens", names);
        Assert.Contains("post /onvif/cloud/getAvailableFWImages", names);
        Assert.DoesNotContain(names, name => new[] { "/mediator/v1/", "/api/v1/", "/onvif/cloud/" }.All(start => !name.Contains(start, StringComparison.Ordinal)));
    }

    private IEnumerable<(string Name, JsonElement Operation)> Operations() => JsonDocument.Parse(_served).RootElement.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name} {path.Name}", operation.Value)));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OcfCloud.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
