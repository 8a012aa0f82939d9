namespace OcfCloud.Onvif.Provisioning;

/// <summary>deviceSharingCompleted, as the Provisioning Cloud Service sends it.</summary>
internal interface ICompletionCalls
{
    /// <summary>Sends it once, to the address as it was given: nothing is appended.</summary>
    Task<CompletionAnswer> SendAsync(string endpointReference, string shareToken, byte[] certificationRequest, CancellationToken cancellationToken);
}
