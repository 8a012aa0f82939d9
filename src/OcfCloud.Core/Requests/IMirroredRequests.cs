namespace OcfCloud.Core.Requests;

/// <summary>Sends requests to devices of other clouds, through those clouds (cloud-to-cloud.md, 2). Apart from <see cref="IDeviceRequests"/>: what came from another
/// cloud is never sent on to a third.</summary>
public interface IMirroredRequests
{
    /// <summary>Sends a request and waits for the answer.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">The asker is gone. The wait itself is bounded by settings.</param>
    /// <returns>Always <see cref="DeviceOutcome.Answered"/>: where the other cloud, not the device, is the reason, 5.02, 5.03 (with <see cref="DeviceAnswer.MaxAge"/>) or
    /// 5.04, and <see cref="DeviceAnswer.Diagnostic"/> says why. The payload is in the format that was asked for.</returns>
    Task<DeviceAnswer> SendAsync(MirroredRequest request, CancellationToken cancellationToken);
}
