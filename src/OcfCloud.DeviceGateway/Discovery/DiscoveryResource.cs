using System.Formats.Cbor;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Mirrors;
using OcfCloud.DeviceGateway.Directory;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Discovery;

/// <summary><c>/oic/res</c>: the links of all devices of the asker's user, those of other clouds too, once or as long as they are observed (device-to-cloud.md, 7;
/// RFC 7641).</summary>
internal sealed class DiscoveryResource(
    ResourceDirectory directory, MirrorStore mirrors, IHints hints, IOptions<DeviceGatewayOptions> options, TimeProvider time, ILogger<DiscoveryObserver> logger) : ICloudResource
{
    /// <summary>What an asker is told that takes neither the whole answer nor blocks of it.</summary>
    public const string WhenTooLarge = "too many links for this connection: filter by rt, if or di";

    private const uint Register = 0, Cancel = 1;

    public bool Allows(CoapCode method) => method == CoapCode.Get;

    public bool NeedsSession(CoapCode method) => true;

    // A client's.
    public string? StepOf(CoapCode method) => null;

    public async ValueTask<ResourceAnswer> HandleAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken)
    {
        if (RequestChecks.Options(request) is { } badOption) return badOption;
        var query = new RequestQuery(request);
        if (DiscoveryRequest.Read(query) is not { } discovery) return ResourceAnswer.Refuse(CoapCode.BadRequest, query.Problem!);
        if (caller.Session is not { } session) return ResourceAnswer.Refuse(CoapCode.Unauthorized, "nobody is signed in");

        if (request.Observe == Cancel) caller.RemoveObservation(request.Token);
        Task<CoapMessage> AnswerAsync(CancellationToken token) => FindAsync(caller, session.User, request, discovery, token);
        return request.Observe == Register
            ? await ObserveAsync(new DiscoveryObserver(caller, session.User, request, discovery.Filters, AnswerAsync, time, logger), cancellationToken)
            : new ResourceAnswer(await AnswerAsync(cancellationToken), WhenTooLarge: WhenTooLarge);
    }

    private async ValueTask<ResourceAnswer> ObserveAsync(DiscoveryObserver observer, CancellationToken cancellationToken)
    {
        // Listens before it looks: what changes in between is looked at again.
        observer.Listen(hints);
        try
        {
            return await observer.RegisterAsync(cancellationToken);
        }
        catch
        {
            observer.Dispose();
            throw;
        }
    }

    private async Task<CoapMessage> FindAsync(
        ICaller caller, UserId user, CoapMessage request, DiscoveryRequest discovery, CancellationToken cancellationToken)
    {
        var links = await DiscoverAsync(user, discovery.Filters, cancellationToken);
        var payload = Encode(links, discovery.Baseline, options.Value.PublicCoaps ?? caller.LocalEndpoint);
        return PayloadFormat.TryAnswer(request, CoapCode.Content, payload, out var answer)
            ? answer
            : CoapMessage.Response(CoapCode.NotAcceptable).WithDiagnostic("a link has a parameter that JSON cannot express: ask for 10000");
    }

    private async Task<IReadOnlyList<PublishedLink>> DiscoverAsync(UserId user, DiscoveryQuery filters, CancellationToken cancellationToken)
    {
        var own = await directory.DiscoverAsync(user, filters, cancellationToken);
        var mirrored = await mirrors.DiscoverAsync(user, filters, cancellationToken);
        if (mirrored.Count == 0) return own;
        // A device that deregistered between the two questions is in both answers.
        var devices = own.Select(link => link.DeviceId).ToHashSet();
        return [.. own, .. mirrored.Where(link => !devices.Contains(link.DeviceId))];
    }

    private static CborWriter Encode(IReadOnlyList<PublishedLink> links, bool baseline, string endpoint)
    {
        var writer = LinkWriter.Create();
        if (baseline)
        {
            writer.WriteStartArray(1);
            writer.WriteStartMap(3);
            LinkWriter.WriteTexts(writer, "rt", ["oic.wk.res"]);
            LinkWriter.WriteTexts(writer, "if", ["oic.if.ll", "oic.if.baseline"]);
            writer.WriteTextString("links");
        }
        writer.WriteStartArray(links.Count);
        foreach (var link in links) LinkWriter.WriteDiscovered(writer, link, endpoint);
        writer.WriteEndArray();
        if (baseline)
        {
            writer.WriteEndMap();
            writer.WriteEndArray();
        }
        return writer;
    }
}
