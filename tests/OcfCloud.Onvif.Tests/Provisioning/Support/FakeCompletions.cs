using OcfCloud.Onvif.Provisioning;

namespace OcfCloud.Onvif.Tests.Provisioning.Support;

/// <summary>The other cloud, as far as it is told.</summary>
internal sealed class FakeCompletions : ICompletionCalls
{
    public List<(string Address, string Token, byte[] Request)> Told { get; } = [];

    public Func<string, CompletionAnswer> Answer { get; set; } = _ => CompletionCalls.Of(200, null);

    public Task<CompletionAnswer> SendAsync(string endpointReference, string shareToken, byte[] certificationRequest, CancellationToken cancellationToken)
    {
        Told.Add((endpointReference, shareToken, certificationRequest));
        return Task.FromResult(Answer(endpointReference));
    }
}
