using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Twins;

namespace OcfCloud.Console.Devices;

/// <summary>A user's devices: whether they are online, what they published, what their twins know; and changing what can be changed.</summary>
internal static class DeviceEndpoints
{
    /// <summary>What is said where a field cannot be sent.</summary>
    public const string NothingSent = "Nothing was sent. Please look at what is marked.";

    private const int Content = 205;

    // OCF's CBOR, which is all that devices are asked for.
    private const int OcfCbor = 10000;

    // Whom access rules about this page name.
    private static readonly AccessSubject Here = AccessSubject.OfClient("console");

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.Devices).AddEndpointFilter(RequireUser.Any);
        pages.MapGet("", ListAsync);
        pages.MapGet("/{di}", ShowAsync);
        pages.MapPost("/{di}/update", UpdateAsync);
    }

    /// <summary>Back to the device's page, with what came of a change of one of its resources.</summary>
    public static SeeOther Back(DeviceId device, string href, string outcome) =>
        new($"{ConsolePaths.Devices}/{device}?resource={Uri.EscapeDataString(href)}&outcome={Uri.EscapeDataString(outcome)}");

    /// <summary>Another user's device is as unknown as one that is not there.</summary>
    public static IResult NoSuchDevice() => Pages.Message(StatusCodes.Status404NotFound, "No such device", "You have no device of this name.");

    /// <summary>The resource is not there, or cannot be changed.</summary>
    public static IResult NoSuchResource() =>
        Pages.Message(StatusCodes.Status404NotFound, "No such resource", "The device has no resource of this name that can be changed.");

    private static async Task<IResult> ListAsync(HttpContext context, DeviceAccounts devices, MirroredDevices mirrored) => Pages.Of<DevicesPage>(new
    {
        Devices = await devices.ListAsync(IdOf(context), context.RequestAborted),
        Mirrored = await mirrored.ListAsync(IdOf(context), context.RequestAborted),
    });

    private static async Task<IResult> ShowAsync(
        HttpContext context, string di, DeviceAccounts devices, ResourceDirectory directory, TwinStore twins, IDeviceRequests requests, MirroredDevices mirrored, TimeProvider time)
    {
        if (!DeviceId.TryParse(di, out var id)) return NoSuchDevice();
        if (await FindAsync(context, id, devices) is not { } device) return await MirroredDeviceEndpoints.ShowAsync(context, id, mirrored, Here, time);
        var resources = await ResourcesAsync(context, device, directory, twins);
        var (href, outcome) = (context.Request.Query["resource"].ToString(), context.Request.Query["outcome"].ToString());
        var at = resources.FindIndex(resource => resource.View.Href == href);
        if (at < 0 || UpdateOutcome.InWords(outcome) is not { } words) return Page(device, resources);

        // What the twin knows may be older than the change.
        if (UpdateOutcome.WasAnswered(outcome)
            && await requests.SendAsync(new DeviceRequest(IdOf(context), Here, device.DeviceId, DeviceMethod.Get, href), context.RequestAborted)
                is { Outcome: DeviceOutcome.Answered, Code: Content, Payload.IsEmpty: false } answer)
        {
            var now = new TwinRepresentation(device.DeviceId, href, answer.Payload, answer.ContentFormat ?? OcfCbor, time.GetUtcNow());
            resources[at] = resources[at] with { View = ResourceView.Of(resources[at].Link, now) };
        }

        return Page(device, resources, $"{href}: {words}", UpdateOutcome.IsBad(outcome));
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext context, string di, DeviceAccounts devices, ResourceDirectory directory, TwinStore twins, IDeviceRequests requests, MirroredDevices mirrored, TimeProvider time)
    {
        if (!DeviceId.TryParse(di, out var id)) return NoSuchDevice();
        if (await FindAsync(context, id, devices) is not { } device) return await MirroredDeviceEndpoints.UpdateAsync(context, id, mirrored, Here, time);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var resources = await ResourcesAsync(context, device, directory, twins);
        var at = resources.FindIndex(resource => resource.View.Href == form["href"].ToString());
        if (at < 0 || ResourceView.WritingInterfaceOf(resources[at].Link) is not { } writing)
            return NoSuchResource();

        var (link, view) = resources[at];
        var typed = ResourceForm.Read(form, view.Fields);
        if (typed.IsRefused)
        {
            resources[at] = (link, view with { Fields = typed.Fields });
            return Page(device, resources, $"{view.Href}: {NothingSent}", isBad: true, StatusCodes.Status400BadRequest);
        }

        if (typed.Payload.IsEmpty) return Back(device.DeviceId, view.Href, UpdateOutcome.Unchanged);
        var answer = await requests.SendAsync(
            new DeviceRequest(IdOf(context), Here, device.DeviceId, DeviceMethod.Post, view.Href) { Query = ["if=" + writing], Payload = typed.Payload }, context.RequestAborted);
        return answer.Outcome == DeviceOutcome.UnknownDevice ? NoSuchDevice() : Back(device.DeviceId, view.Href, UpdateOutcome.Of(answer));
    }

    private static IResult Page(DeviceSummary device, List<(ResourceLink Link, ResourceView View)> resources, string? told = null, bool isBad = false, int status = StatusCodes.Status200OK) =>
        Pages.Of<DevicePage>(new { Device = device, Resources = (IReadOnlyList<ResourceView>)resources.ConvertAll(resource => resource.View), Told = told, IsBad = isBad }, status);

    private static async Task<DeviceSummary?> FindAsync(HttpContext context, DeviceId id, DeviceAccounts devices) =>
        (await devices.ListAsync(IdOf(context), context.RequestAborted)).FirstOrDefault(device => device.DeviceId == id);

    private static async Task<List<(ResourceLink Link, ResourceView View)>> ResourcesAsync(HttpContext context, DeviceSummary device, ResourceDirectory directory, TwinStore twins)
    {
        var known = (await twins.OfDeviceAsync(device.DeviceId, context.RequestAborted)).ToDictionary(twin => twin.Href, StringComparer.Ordinal);
        return
        [
            .. (await directory.OfDeviceAsync(device.DeviceId, context.RequestAborted))
                .Select(published => (published.Link, ResourceView.Of(published.Link, known.GetValueOrDefault(published.Link.Href.ToString()))))
                .OrderBy(resource => resource.Item2.Href, StringComparer.Ordinal),
        ];
    }

    private static UserId IdOf(HttpContext context) => new(ConsoleSession.UserOf(context)!.Id);
}
