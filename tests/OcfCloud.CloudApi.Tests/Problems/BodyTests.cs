using System.Net;
using System.Text;

namespace OcfCloud.CloudApi.Tests.Problems;

public sealed class BodyTests : IAsyncLifetime
{
    private CloudApiHost _host = null!;
    private HttpClient _mediator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Every endpoint that reads a body.</summary>
    private static (string Method, string Path)[] WithBody =>
    [
        ("POST", "/mediator/v1/registrations"),
        ("POST", "/mediator/v1/tokenrefresh"),
        ("POST", "/mediator/v1/device-tokens"),
        ("PUT", "/mediator/v1/access-rules"),
        ("PATCH", "/mediator/v1/devices/5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11"),
    ];

    public async ValueTask InitializeAsync()
    {
        _host = await CloudApiHost.StartAsync();
        _mediator = await _host.MediatorOfAsync("alice");
    }

    public ValueTask DisposeAsync()
    {
        _mediator.Dispose();
        return _host.DisposeAsync();
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        foreach (var (method, path) in WithBody)
        {
            using var text = await SendAsync(method, path, "{}", "text/plain");
            using var form = await SendAsync(method, path, "a=b", "application/x-www-form-urlencoded");

            Assert.Equal("The body has to be application/json.", await text.RefusedAsync(HttpStatusCode.UnsupportedMediaType));
            await form.RefusedAsync(HttpStatusCode.UnsupportedMediaType);
        }
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_refused()
    {
        foreach (var (method, path) in WithBody)
        {
            foreach (var body in new[] { "{", "{}{}", "{'a': 1}", "{\"a\": 1,}", "/* */ {}", "nothing", "{\"a\": 1, \"a\": 2}", $"{new string('[', 9)}{new string(']', 9)}", "[{\"\\ud800\": 1}]" })
            {
                using var answer = await SendAsync(method, path, body, "application/json");

                await answer.RefusedAsync(HttpStatusCode.BadRequest);
            }
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused()
    {
        foreach (var (method, path) in WithBody)
        {
            byte[][] bodies = [[0xFF, 0xFE], [.. "{\""u8, 0xC3, 0x28, .. "\": 1}"u8], [.. "{\"a\": \""u8, 0xC3, 0x28, .. "\"}"u8]];
            foreach (var body in bodies)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new("application/json");
                using var answer = await _mediator.SendAsync(request, Cancellation);

                await answer.RefusedAsync(HttpStatusCode.BadRequest);
            }
        }
    }

    [Fact]
    public async Task A_body_too_large_is_refused_announced_or_not()
    {
        foreach (var (method, path) in WithBody)
        {
            // So large that it does not fit into the buffers between: the refusal has to reach a caller who still writes.
            var large = $"\"{new string('a', 8_388_608)}\"";
            using var announced = await SendAsync(method, path, large, "application/json");
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(large, Encoding.UTF8, "application/json") };
            request.Headers.TransferEncodingChunked = true;
            using var chunked = await _mediator.SendAsync(request, Cancellation);

            await announced.RefusedAsync(HttpStatusCode.RequestEntityTooLarge);
            await chunked.RefusedAsync(HttpStatusCode.RequestEntityTooLarge);
        }
    }

    [Fact]
    public async Task A_body_of_the_largest_size_is_taken()
    {
        const string Frame = """{"a":""}""";
        var body = Frame.Insert(Frame.Length - 2, new string('a', CloudApiHost.MaxRequestBodySize - Frame.Length));
        using var answer = await SendAsync("POST", "/mediator/v1/device-tokens", body, "application/json");
        using var more = await SendAsync("POST", "/mediator/v1/device-tokens", body + " ", "application/json");

        await answer.JsonAsync(HttpStatusCode.Created);
        await more.RefusedAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_JSON_type_of_another_name_is_taken()
    {
        using var answer = await SendAsync("POST", "/mediator/v1/device-tokens", "{}", "application/merge-patch+json");

        await answer.JsonAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("GET", "/mediator/v1/registrations", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/mediator/v1/devices", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/mediator/v1/access-rules", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/mediator/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_has_problem_details_too(string method, string path, HttpStatusCode expected)
    {
        using var answer = await _mediator.SendAsync(new HttpMethod(method), path);

        await answer.RefusedAsync(expected);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_no_fault_of_the_caller()
    {
        _host.BreakStore();

        foreach (var (method, path) in new[] { ("POST", "/mediator/v1/registrations"), ("GET", "/mediator/v1/devices"), ("GET", "/mediator/v1/access-rules"), ("POST", "/mediator/v1/device-tokens") })
        {
            using var answer = await _mediator.SendAsync(new HttpMethod(method), path);

            Assert.Equal("The store does not answer.", await answer.RefusedAsync(HttpStatusCode.ServiceUnavailable));
            Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        }
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string body, string mediaType) =>
        _mediator.SendAsync(new HttpMethod(method), path, body, mediaType);
}
