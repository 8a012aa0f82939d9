using System.Net.Http.Headers;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudLinking.Tests.Synchronisation.Support;

/// <summary>Calls to one target over real sockets, as plain as can be.</summary>
internal sealed class HttpTargetCalls : ITargetCalls, IDisposable
{
    private readonly HttpClient _http = new();

    public string Url { get; set; } = "";

    /// <summary>Whether the account's tokens are refused.</summary>
    public bool NeedsLinking { get; set; }

    /// <summary>Whether calls fail as only a bug can.</summary>
    public bool IsBroken { get; set; }

    public async Task<TargetAnswer> SendAsync(Guid account, TargetRequest request, CancellationToken cancellationToken)
    {
        if (IsBroken) throw new InvalidOperationException("A bug.");
        if (NeedsLinking) return new TargetAnswer(TargetOutcome.NeedsLinking);
        using var message = new HttpRequestMessage(request.Method, Url + request.Path);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.ToString());
        if (request.Accept is { } accept) message.Headers.TryAddWithoutValidation("Accept", accept);
        if (request.ContentType is { } type)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        try
        {
            using var answer = await _http.SendAsync(message, cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (body.Length > request.MaxAnswer) return new TargetAnswer(TargetOutcome.TooLarge);
            return new TargetAnswer(TargetOutcome.Answered)
            {
                Status = (int)answer.StatusCode,
                ContentType = answer.Content.Headers.TryGetValues("Content-Type", out var types) ? types.Single() : null,
                Body = body,
                RetryAfter = answer.Headers.RetryAfter?.Delta,
            };
        }
        catch (HttpRequestException e)
        {
            return new TargetAnswer(TargetOutcome.Unreachable) { Detail = e.HttpRequestError.ToString() };
        }
    }

    public ValueTask<Guid?> FindAccountAsync(UserId user, Guid linkedCloud, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Dispose() => _http.Dispose();
}
