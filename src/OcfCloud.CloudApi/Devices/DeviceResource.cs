using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Requests;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Devices;

/// <summary><c>/api/v1/devices/{deviceId}/{href}</c>: a resource, asked of its device.</summary>
internal static class DeviceResource
{
    private const string EncodedSlash = "The path has a part with an encoded slash.";

    /// <summary>Retrieves it; with <c>Cache-Control: only-if-cached</c> from the device twin.</summary>
    public static async Task<IResult> GetAsync(string deviceId, HttpContext context, IDeviceRequests devices, ResourceDirectory directory, CachedResource cached)
    {
        if (!DeviceId.TryParse(deviceId, out var device)) return DeviceProblem.NoDeviceId();
        if (!ResourceTarget.TryRead(context.Request, device, out var target, out var refusal)) return Problem.BadRequest(refusal);
        if (!MediaTypes.TryNegotiate(context.Request.Headers.Accept, out var format)) return DeviceProblem.NotAcceptable();

        if (await HrefOfAsync(target, directory, context.RequestAborted) is not { } href) return Problem.BadRequest(EncodedSlash);
        if (context.Request.GetTypedHeaders().CacheControl is { OnlyIfCached: true }) return await cached.GetAsync(context, target, href, format);
        return await SendAsync(context, devices, target, href, DeviceMethod.Get, default, format);
    }

    /// <summary>Updates it.</summary>
    public static async Task<IResult> PostAsync(string deviceId, HttpContext context, IDeviceRequests devices, ResourceDirectory directory)
    {
        if (!DeviceId.TryParse(deviceId, out var device)) return DeviceProblem.NoDeviceId();
        if (!ResourceTarget.TryRead(context.Request, device, out var target, out var refusal)) return Problem.BadRequest(refusal);
        if (!MediaTypes.TryNegotiate(context.Request.Headers.Accept, out var format)) return DeviceProblem.NotAcceptable();
        var (body, problem) = await RequestBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (!Representation.TryToDevice(device, body.Bytes, body.Format, out var payload))
        {
            return Problem.BadRequest("The body is not what its Content-Type says, or holds what a device cannot be told (a member twice, a number out of range).");
        }

        if (await HrefOfAsync(target, directory, context.RequestAborted) is not { } href) return Problem.BadRequest(EncodedSlash);
        return await SendAsync(context, devices, target, href, DeviceMethod.Post, payload, format);
    }

    // A link is asked for as the device published it, percent signs included: that is the name under which the device and the twin know it.
    private static async ValueTask<string?> HrefOfAsync(ResourceTarget target, ResourceDirectory directory, CancellationToken cancellationToken) =>
        target.IsEncoded && await directory.IsPublishedAsync(target.Device, target.EncodedHref, cancellationToken) ? target.EncodedHref : target.Href;

    private static async Task<IResult> SendAsync(
        HttpContext context, IDeviceRequests devices, ResourceTarget target, string href, DeviceMethod method, ReadOnlyMemory<byte> payload, BodyFormat format)
    {
        var caller = Caller.Of(context.User);
        var request = new DeviceRequest(caller.User, ClientAccess.SubjectOf(caller), target.Device, method, href) { Query = target.Query, Payload = payload };
        return DeviceAnswers.ToResult(context, target.Device, await devices.SendAsync(request, context.RequestAborted), format, !payload.IsEmpty);
    }
}
