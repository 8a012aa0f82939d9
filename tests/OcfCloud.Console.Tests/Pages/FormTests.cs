using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OcfCloud.Console.Tests.Support;

namespace OcfCloud.Console.Tests.Pages;

/// <summary>Forms that nobody's page made: too large, too many fields, no form at all. None of them is a fault of the cloud.</summary>
public sealed class FormTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    public static TheoryData<string> Doors => ["/login", "/register", "/logout", "/account/password", "/connected-clouds/revoke", "/linked-clouds/link", "/linked-clouds/unlink", "/administration/clients", "/administration/linked-clouds", "/administration/firmware", "/cameras/add", "/cameras/incoming/add", "/oauth/authorize", "/oauth/token", "/oauth/revoke", "/oauth/introspect"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Doors))]
    public async Task A_body_over_the_limit_is_413_announced_or_not(string door)
    {
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");

        foreach (var announced in new[] { true, false })
        {
            var answer = await browser.PostAsync(door, Body("a=" + new string('x', TestCloud.MaxRequestBodySize), announced));

            Assert.Equal((announced, HttpStatusCode.RequestEntityTooLarge), (announced, answer.Status));
            Problem(answer, 413);
        }

        // The next one is taken: nothing is broken.
        Assert.Contains("My devices", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Doors))]
    public async Task A_form_that_cannot_be_read_is_400(string door)
    {
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");
        Dictionary<string, Func<HttpContent>> forms = new(StringComparer.Ordinal)
        {
            ["too many fields"] = () => Body(string.Join('&', Enumerable.Range(0, 1025).Select(number => $"f{number}=x"))),
            ["a name that is too long"] = () => Body(new string('n', 2049) + "=x"),
            ["parts without an end"] = () => Body("--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nali", mediaType: "multipart/form-data; boundary=b"),
            ["parts without a beginning"] = () => Body("nonsense", mediaType: "multipart/form-data; boundary=b"),
            ["parts without a boundary"] = () => Body("nonsense", mediaType: "multipart/form-data"),
            ["JSON"] = () => Body("{}", mediaType: "application/json"),
        };

        foreach (var (why, form) in forms)
        {
            var answer = await browser.PostAsync(door, form());

            Assert.Equal((why, HttpStatusCode.BadRequest), (why, answer.Status));
            Assert.Null(answer.Location);
            if (door is "/oauth/token" or "/oauth/revoke" or "/oauth/introspect")
            {
                // RFC 6749, 5.2.
                using var error = JsonDocument.Parse(answer.Html);
                Assert.Equal((why, "invalid_request"), (why, error.RootElement.GetProperty("error").GetString()));
            }
        }

        Assert.DoesNotContain(_cloud.Log.Lines, line => line.Contains("unhandled", StringComparison.OrdinalIgnoreCase));
    }

    private static void Problem(TestPage answer, int status)
    {
        Assert.StartsWith("application/problem+json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        using var problem = JsonDocument.Parse(answer.Html);
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
    }

    private static HttpContent Body(string text, bool announced = true, string mediaType = "application/x-www-form-urlencoded")
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        HttpContent content = announced ? new ByteArrayContent(bytes) : new UnannouncedContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    /// <summary>Says no length, so it goes in chunks.</summary>
    private sealed class UnannouncedContent(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes, Cancellation).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
