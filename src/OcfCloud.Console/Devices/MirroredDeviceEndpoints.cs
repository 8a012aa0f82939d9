using Microsoft.AspNetCore.Http;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Twins;

namespace OcfCloud.Console.Devices;

/// <summary>The page of a device of another cloud, at the address where one of the user's own would be. Its values are at that cloud: they are asked for one by one, when the
/// user wants one.</summary>
internal static class MirroredDeviceEndpoints
{
    private const int Content = 205;

    // OCF's CBOR, where an answer does not say its format.
    private const int OcfCbor = 10000;

    /// <summary>Shows it; with <c>resource</c> its value now too, after a change with <c>outcome</c> what came of that.</summary>
    public static async Task<IResult> ShowAsync(HttpContext context, DeviceId di, MirroredDevices devices, AccessSubject here, TimeProvider time)
    {
        if (await devices.FindAsync(IdOf(context), di, context.RequestAborted) is not { } found) return DeviceEndpoints.NoSuchDevice();
        var (device, cloud, links) = found;
        var views = links.Select(link => ResourceView.Of(link, twin: null)).ToList();
        var (href, outcome) = (context.Request.Query["resource"].ToString(), context.Request.Query["outcome"].ToString());
        var at = views.FindIndex(view => view.Href == href);
        if (at < 0) return Page(device, cloud, views);
        var words = MirroredOutcome.InWords(outcome, cloud);
        if (words is not null && !UpdateOutcome.WasAnswered(outcome)) return Page(device, cloud, views, $"{href}: {words}", UpdateOutcome.IsBad(outcome));
        var (view, refused) = await AskAsync(context, device, links[at], devices, here, time);
        if (view is not null) views[at] = view;
        return words is not null
            ? Page(device, cloud, views, $"{href}: {words}", UpdateOutcome.IsBad(outcome))
            : Page(device, cloud, views, refused is null ? null : $"{href}: {MirroredOutcome.InWords(refused, cloud)}", isBad: true);
    }

    /// <summary>Changes a resource, as the form says against its value now.</summary>
    public static async Task<IResult> UpdateAsync(HttpContext context, DeviceId di, MirroredDevices devices, AccessSubject here, TimeProvider time)
    {
        if (await devices.FindAsync(IdOf(context), di, context.RequestAborted) is not { } found) return DeviceEndpoints.NoSuchDevice();
        var (device, cloud, links) = found;
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (links.FirstOrDefault(link => link.Href.Value == form["href"].ToString()) is not { } link || ResourceView.WritingInterfaceOf(link) is not { } writing)
            return DeviceEndpoints.NoSuchResource();

        // Of what kind a member is, nobody but the device says.
        var (view, refused) = await AskAsync(context, device, link, devices, here, time);
        if (view is null) return Back(refused!);
        var typed = ResourceForm.Read(form, view.Fields);
        if (typed.IsRefused)
        {
            var views = links.Select(other => other == link ? view with { Fields = typed.Fields } : ResourceView.Of(other, twin: null)).ToList();
            return Page(device, cloud, views, $"{view.Href}: {DeviceEndpoints.NothingSent}", isBad: true, StatusCodes.Status400BadRequest);
        }

        if (typed.Payload.IsEmpty) return Back(UpdateOutcome.Unchanged);
        return Back(MirroredOutcome.Of(await devices.SendAsync(
            new MirroredRequest(device, DeviceMethod.Post, view.Href) { Query = ["if=" + writing], Payload = typed.Payload }, here, context.RequestAborted)));

        SeeOther Back(string outcome) => DeviceEndpoints.Back(device.Device, link.Href.Value, outcome);
    }

    // The resource with its value, or why there is none.
    private static async Task<(ResourceView? View, string? Refused)> AskAsync(
        HttpContext context, MirroredDevice device, ResourceLink link, MirroredDevices devices, AccessSubject here, TimeProvider time)
    {
        var href = link.Href.Value;
        var answer = await devices.SendAsync(new MirroredRequest(device, DeviceMethod.Get, href), here, context.RequestAborted);
        if (answer is not { Outcome: DeviceOutcome.Answered, Code: Content }) return (null, MirroredOutcome.Of(answer));
        var view = ResourceView.Of(link, new TwinRepresentation(device.Device, href, answer.Payload, answer.ContentFormat ?? OcfCbor, time.GetUtcNow()));
        return view.Values is null ? (null, nameof(DeviceOutcome.Unreadable)) : (view, null);
    }

    private static IResult Page(MirroredDevice device, string cloud, IReadOnlyList<ResourceView> views, string? told = null, bool isBad = false, int status = StatusCodes.Status200OK) =>
        Pages.Of<MirroredDevicePage>(new { Device = device, CloudName = cloud, Resources = views, Told = told, IsBad = isBad }, status);

    private static UserId IdOf(HttpContext context) => new(ConsoleSession.UserOf(context)!.Id);
}
