using System.Globalization;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Twins;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.CloudApi.Devices;

/// <summary>A resource as the device twin knows it, for whoever asks <c>only-if-cached</c> (RFC 9111, 5.2.1.7): the device is not disturbed.</summary>
internal sealed class CachedResource(DeviceAccounts accounts, ClientAccess access, TwinStore twins, TimeProvider time)
{
    /// <summary>Answers from the twin, with the value's age; 504 where nothing is known.</summary>
    public async Task<IResult> GetAsync(HttpContext context, ResourceTarget target, string href, BodyFormat format)
    {
        var caller = Caller.Of(context.User);
        if ((await accounts.FindAsync(target.Device, context.RequestAborted))?.UserId != caller.User) return DeviceProblem.UnknownDevice();
        if (!await access.MayReadAsync(caller, target.Device, href, context.RequestAborted))
        {
            return DeviceAnswers.Refused(context, StatusCodes.Status403Forbidden, "an access rule forbids it", retryAfter: null);
        }

        // What a query would make of it is not known.
        var known = target.Query.Count == 0 ? await twins.FindAsync(target.Device, href, context.RequestAborted) : null;
        if (known is null || !Representation.TryToBody(target.Device, known.Representation, known.ContentFormat, format, out var body))
        {
            return DeviceAnswers.Refused(context, StatusCodes.Status504GatewayTimeout, "Nothing is known of this resource yet.", retryAfter: null);
        }

        var headers = context.Response.Headers;
        var age = time.GetUtcNow() - known.ChangedAt;
        headers.Age = Math.Max(0, (long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        headers.LastModified = known.ChangedAt.ToString("R", CultureInfo.InvariantCulture);
        headers.CacheControl = "no-store";
        return new BodyResult(StatusCodes.Status200OK, body, format.Name());
    }
}
