using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Devices;

/// <summary><c>/api/v1/devices</c> and <c>/api/v1/devices/{deviceId}</c>.</summary>
internal static class DeviceCollection
{
    /// <summary>A user's devices.</summary>
    public static async Task<IResult> GetAllAsync(HttpContext context, DeviceListing devices, ClientAccess access)
    {
        if (!ListQuery.TryRead(context.Request.Query, out var query, out var refusal)) return Problem.BadRequest(refusal);
        if (!MediaTypes.TryNegotiate(context.Request.Headers.Accept, out var format)) return DeviceProblem.NotAcceptable();
        var caller = Caller.Of(context.User);
        var isReadable = await access.ReaderAsync(caller, context.RequestAborted);

        // Before the answer begins, so that a store that does not answer can still be said.
        var pages = new DevicePages(devices, caller.User, query.Content);
        await pages.ReadNextAsync(context.RequestAborted);
        return new DeviceListResult(pages, query, format, isReadable);
    }

    /// <summary>One device.</summary>
    public static async Task<IResult> GetAsync(string deviceId, HttpContext context, DeviceListing devices, ClientAccess access)
    {
        if (!DeviceId.TryParse(deviceId, out var id)) return DeviceProblem.NoDeviceId();
        if (!ListQuery.TryRead(context.Request.Query, out var query, out var refusal)) return Problem.BadRequest(refusal);
        if (!MediaTypes.TryNegotiate(context.Request.Headers.Accept, out var format)) return DeviceProblem.NotAcceptable();
        var caller = Caller.Of(context.User);
        if (await devices.FindAsync(caller.User, id, query.Content, context.RequestAborted) is not { } device) return DeviceProblem.UnknownDevice();

        var isReadable = await access.ReaderAsync(caller, context.RequestAborted);
        using var writer = new PayloadWriter(format);
        DeviceWriter.Write(writer, device, DeviceProperties.Of(device), query.Content, href => isReadable(id, href));
        return new BodyResult(StatusCodes.Status200OK, writer.ToArray(), format.Name());
    }
}
