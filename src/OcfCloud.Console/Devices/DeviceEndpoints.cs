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

    private static async Task<IResult> ListAsync(HttpContext context, DeviceAccounts devices) =>
        Pages.Of<DevicesPage>(new { Devices = await devices.ListAsync(IdOf(context), context.RequestAborted) });

    private static async Task<IResult> ShowAsync(
        HttpContext context, string di, DeviceAccounts devices, ResourceDirectory directory, TwinStore twins, IDeviceRequests requests, TimeProvider time)
    {
        if (await FindAsync(context, di, devices) is not { } device) return NoSuchDevice();
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
        HttpContext context, string di, DeviceAccounts devices, ResourceDirectory directory, TwinStore twins, IDeviceRequests requests)
    {
        if (await FindAsync(context, di, devices) is not { } device) return NoSuchDevice();
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var resources = await ResourcesAsync(context, device, directory, twins);
        var at = resources.FindIndex(resource => resource.View.Href == form["href"].ToString());
        if (at < 0 || ResourceView.WritingInterfaceOf(resources[at].Link) is not { } writing)
            return Pages.Message(StatusCodes.Status404NotFound, "No such resource", "The device has no resource of this name that can be changed.");

        var (link, view) = resources[at];
        var typed = ResourceForm.Read(form, view.Fields);
        if (typed.IsRefused)
        {
            resources[at] = (link, view with { Fields = typed.Fields });
            return Page(device, resources, $"{view.Href}: Nothing was sent. Please look at what is marked.", isBad: true, StatusCodes.Status400BadRequest);
        }

        if (typed.Payload.IsEmpty) return Back(UpdateOutcome.Unchanged);
        var answer = await requests.SendAsync(
            new DeviceRequest(IdOf(context), Here, device.DeviceId, DeviceMethod.Post, view.Href) { Query = ["if=" + writing], Payload = typed.Payload }, context.RequestAborted);
        return answer.Outcome == DeviceOutcome.UnknownDevice ? NoSuchDevice() : Back(UpdateOutcome.Of(answer));

        SeeOther Back(string outcome) => new($"{ConsolePaths.Devices}/{device.DeviceId}?resource={Uri.EscapeDataString(view.Href)}&outcome={Uri.EscapeDataString(outcome)}");
    }

    private static IResult Page(DeviceSummary device, List<(ResourceLink Link, ResourceView View)> resources, string? told = null, bool isBad = false, int status = StatusCodes.Status200OK) =>
        Pages.Of<DevicePage>(new { Device = device, Resources = (IReadOnlyList<ResourceView>)resources.ConvertAll(resource => resource.View), Told = told, IsBad = isBad }, status);

    // Another user's device is as unknown as one that is not there.
    private static async Task<DeviceSummary?> FindAsync(HttpContext context, string di, DeviceAccounts devices) => DeviceId.TryParse(di, out var id)
        ? (await devices.ListAsync(IdOf(context), context.RequestAborted)).FirstOrDefault(device => device.DeviceId == id)
        : null;

    private static IResult NoSuchDevice() => Pages.Message(StatusCodes.Status404NotFound, "No such device", "You have no device of this name.");

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
