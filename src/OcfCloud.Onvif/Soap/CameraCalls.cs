using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using OcfCloud.Onvif.Metrics;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Soap;

/// <summary>
/// Sends SOAP calls by a camera's uplink.
/// <code>
///   SoapCall ─► envelope ─► POST path ─► 2xx: the response element ─► Done, or Unreadable
///                                    ├─► a SOAP fault, whatever the status ─► Fault; a bare 401 or 403 counts as one
///                                    ├─► 408, 429, 5xx without one ─► NoAnswer
///                                    └─► no uplink ─► Offline; DeviceCallTimeout ─► NoAnswer
/// </code>
/// </summary>
internal sealed class CameraCalls(ICameraConnections connections, OnvifMetrics metrics, IOptions<OnvifOptions> options, TimeProvider time) : ICameraCalls
{
    private const string MediaType = "application/soap+xml";

    public Task<CallAnswer<DeviceInformation>> GetDeviceInformationAsync(Guid camera, CancellationToken cancellationToken) =>
        SendAsync(camera, SoapNames.DevicePath, DeviceCalls.GetDeviceInformation(), cancellationToken);

    public Task<CallAnswer<string>> UpgradeFirmwareAsync(Guid camera, string version, CancellationToken cancellationToken) =>
        SendAsync(camera, SoapNames.DevicePath, DeviceCalls.UpgradeFirmware(version), cancellationToken);

    /// <summary>Sends one call.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="path">Path and query of the service.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<CallAnswer<T>> SendAsync<T>(Guid camera, string path, SoapCall<T> call, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await ExchangeAsync(camera, path, call, cancellationToken);
        metrics.Called(answer.Outcome);
        return answer;
    }

    private async Task<CallAnswer<T>> ExchangeAsync<T>(Guid camera, string path, SoapCall<T> call, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = new CancellationTokenSource(options.Value.DeviceCallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
            request.Content = new ByteArrayContent(call.ToBytes());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType, "utf-8") { Parameters = { new NameValueHeaderValue("action", $"\"{call.Action}\"") } };
            using var response = await connections.SendAsync(camera, request, either.Token);
            var status = (int)response.StatusCode;
            return AnswerOf(call, status, SoapDocument.ReadBody(await response.Content.ReadAsByteArrayAsync(either.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CallAnswer<T>.Without(CallOutcome.NoAnswer);
        }
        catch (CameraOfflineException)
        {
            return CallAnswer<T>.Without(CallOutcome.Offline);
        }
        catch (HttpRequestException e)
        {
            // The uplink stands: the answer has no end, or the camera broke off this one request.
            return CallAnswer<T>.Without(e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded ? CallOutcome.Unreadable : CallOutcome.NoAnswer);
        }
    }

    private static CallAnswer<T> AnswerOf<T>(SoapCall<T> call, int status, System.Xml.Linq.XElement? body)
        where T : class
    {
        if (body is not null && FaultReading.IsFault(body)) return FaultReading.Read(body) is { } fault ? CallAnswer<T>.Faulty(fault) : CallAnswer<T>.Without(CallOutcome.Unreadable);
        if (status is 401 or 403) return CallAnswer<T>.Faulty(FaultReading.OfStatus(status));

        // Its ONVIF service is not up yet, or has too much to do: the camera is there, and may answer in a while.
        if (status is 408 or 429 or >= 500) return CallAnswer<T>.Without(CallOutcome.NoAnswer);
        if (status is < 200 or > 299 || body is null || body.Name != SoapNames.Of(call.Service) + (call.Operation + "Response")) return CallAnswer<T>.Without(CallOutcome.Unreadable);
        return call.Read(body) is { } value ? CallAnswer<T>.Done(value) : CallAnswer<T>.Without(CallOutcome.Unreadable);
    }
}
