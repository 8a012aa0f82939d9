using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Events;

/// <summary>What another cloud does with the Events API.</summary>
internal static class Subscriptions
{
    private const string Root = "/api/v1/devices";

    /// <summary>Subscribes and gives the path of the subscription.</summary>
    /// <param name="user">Whose token is used.</param>
    /// <param name="target">What is subscribed to: nothing, <c>/{di}</c> or <c>/{di}{href}</c>.</param>
    /// <param name="url">Where events go.</param>
    /// <param name="types">Event types.</param>
    public static Task<string> SubscribeAsync(this CloudUser user, string target, string url, params string[] types) =>
        user.SubscribeAsync(target, url, types, accept: null, correlation: null);

    public static async Task<string> SubscribeAsync(this CloudUser user, string target, string url, string[] types, string? accept, string? correlation)
    {
        using var answer = await user.TrySubscribeAsync(target, new { eventsUrl = url, eventTypes = types, signingSecret = EventReceiver.Secret }, accept, correlation);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode}: {text}");
        return $"{Root}{target}/subscriptions/{JsonDocument.Parse(text).RootElement.GetProperty("subscriptionId").GetGuid()}";
    }

    public static async Task<HttpResponseMessage> TrySubscribeAsync(this CloudUser user, string target, object body, string? accept = null, string? correlation = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Root}{target}/subscriptions")
        {
            Content = body as HttpContent ?? new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (correlation is not null) request.Headers.TryAddWithoutValidation("Correlation-ID", correlation);
        return await user.Cloud.HttpClientOf(user.Bearer).SendAsync(request);
    }

    /// <summary>The status of a DELETE.</summary>
    public static async Task<HttpStatusCode> UnsubscribeAsync(this CloudUser user, string subscription)
    {
        using var answer = await user.Cloud.HttpClientOf(user.Bearer).DeleteAsync(subscription);
        return answer.StatusCode;
    }

    /// <summary>The status of a GET.</summary>
    public static async Task<HttpStatusCode> StatusOfSubscriptionAsync(this CloudUser user, string subscription)
    {
        using var answer = await user.Cloud.HttpClientOf(user.Bearer).GetAsync(subscription);
        return answer.StatusCode;
    }

    public static async Task<JsonElement> ReadSubscriptionAsync(this CloudUser user, string subscription) =>
        await user.Cloud.HttpClientOf(user.Bearer).GetFromJsonAsync<JsonElement>(subscription);

    public static Guid IdOf(string subscription) => Guid.Parse(subscription[^36..]);
}
