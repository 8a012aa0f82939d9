using OcfCloud.Coap;
using OcfCloud.Simulator.Payloads;
using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Serving;

/// <summary>Answers requests for the resources of one device, whichever door they come in by. Safe from any thread.</summary>
internal sealed class ResourceServer
{
    private const uint OcfVersion = 2048; // 1.0.0 (ISO/IEC 30118-1, 12.2.6)
    private readonly LinkList _links;

    /// <summary>Serves resources.</summary>
    /// <param name="deviceId">Whose they are.</param>
    /// <param name="resources">What there is.</param>
    public ResourceServer(Guid deviceId, IReadOnlyList<DeviceResource> resources)
    {
        Resources = resources;
        _links = new LinkList(deviceId, resources);
        foreach (var resource in resources)
            resource.Changed += changed => Changed?.Invoke(changed);
    }

    /// <summary>Raised after a representation has changed.</summary>
    public event Action<DeviceResource>? Changed;

    /// <summary>Raised after somebody tried to change a resource, with the answer that was given.</summary>
    public event Action<CoapMessage, CoapMessage>? Updated;

    /// <summary>What there is.</summary>
    public IReadOnlyList<DeviceResource> Resources { get; }

    /// <summary>The whole answer to a whole request.</summary>
    /// <param name="request">The request, or the registration of an observation.</param>
    /// <param name="requester">Who asks.</param>
    /// <param name="endpoint">The endpoint to put into links, or null.</param>
    public CoapMessage Answer(CoapMessage request, Requester requester, string? endpoint)
    {
        var answer = Act(request, requester, endpoint);
        answer.Token = request.Token;
        if (request.Code == CoapCode.Post)
            Updated?.Invoke(request, answer);

        // 2053 is critical: only who speaks of versions gets it.
        if (answer.ContentFormat is not null
            && (request.Options.Contains(CoapOptionNumber.OcfAcceptContentFormatVersion) || request.Options.Contains(CoapOptionNumber.OcfContentFormatVersion)))
        {
            answer.Options.Add(CoapOptionNumber.OcfContentFormatVersion, OcfVersion);
        }

        return answer;
    }

    /// <summary>Whether what a request reads can be observed, and whether a change of a resource changes it.</summary>
    public Predicate<DeviceResource>? Observed(CoapMessage request, Requester requester)
    {
        if (request.Code != CoapCode.Get)
            return null;
        if (request.Path == LinkList.Path)
            return Interface(request) == OcfInterfaces.Batch ? changed => changed.IsPublished || requester != Requester.Cloud : null;
        return Find(request.Path, requester) is { IsObservable: true } resource ? changed => ReferenceEquals(changed, resource) : null;
    }

    private CoapMessage Act(CoapMessage request, Requester requester, string? endpoint)
    {
        foreach (var option in request.Options)
        {
            if ((option.Key & 1) == 1 && !IsKnown(option.Key))
                return Refuse(CoapCode.BadOption, $"option {option.Key} is not known");
        }

        if (request.Accept is { } accept && !IsCbor(accept))
            return Refuse(CoapCode.NotAcceptable, "only application/vnd.ocf+cbor is given");
        if (request.Path == LinkList.Path)
            return ToMessage(request.Code == CoapCode.Get ? _links.Retrieve([.. request.UriQuery], requester, endpoint) : ResourceOutcome.NotAllowed);
        if (Find(request.Path, requester) is not { } resource)
            return Refuse(CoapCode.NotFound, "no such resource");
        if (request.Code == CoapCode.Get)
            return ToMessage(resource.Retrieve(Interface(request)));
        return request.Code == CoapCode.Post ? Update(resource, request, requester) : ToMessage(ResourceOutcome.NotAllowed);
    }

    private static CoapMessage Update(DeviceResource resource, CoapMessage request, Requester requester)
    {
        if (resource.Refuse(requester) is { } refusal)
            return ToMessage(refusal);
        if (request.ContentFormat is { } format && !IsCbor(format))
            return Refuse(CoapCode.UnsupportedContentFormat, "only application/vnd.ocf+cbor is taken");
        if (Interface(request) is { } @interface && !resource.Interfaces.Contains(@interface, StringComparer.Ordinal))
            return Refuse(CoapCode.BadRequest, $"{resource.Href} has no interface {@interface}");
        return RepresentationCodec.TryDecodeMap(request.Payload, out var body)
            ? ToMessage(resource.Update(body, requester))
            : Refuse(CoapCode.BadRequest, "the payload is no CBOR map");
    }

    private DeviceResource? Find(string path, Requester requester) =>
        Resources.FirstOrDefault(r => r.Href == path && (r.IsPublished || requester != Requester.Cloud));

    private static string? Interface(CoapMessage request)
    {
        const string Key = "if=";
        return request.UriQuery.FirstOrDefault(q => q.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..];
    }

    private static CoapMessage ToMessage(ResourceOutcome outcome) => outcome.Status switch
    {
        ResourceStatus.Content => Represent(CoapCode.Content, outcome),
        ResourceStatus.Changed => Represent(CoapCode.Changed, outcome),
        ResourceStatus.BadRequest => Refuse(CoapCode.BadRequest, outcome.Reason!),
        ResourceStatus.Forbidden => Refuse(CoapCode.Forbidden, outcome.Reason!),
        _ => Refuse(CoapCode.MethodNotAllowed, outcome.Reason!),
    };

    private static CoapMessage Represent(CoapCode code, ResourceOutcome outcome) =>
        CoapMessage.Response(code).WithPayload(RepresentationCodec.Encode(outcome.Representation), CoapContentFormat.OcfCbor);

    private static CoapMessage Refuse(CoapCode code, string reason) => CoapMessage.Response(code).WithDiagnostic(reason);

    private static bool IsCbor(int format) => format is CoapContentFormat.OcfCbor or CoapContentFormat.Cbor;

    private static bool IsKnown(int critical) => (CoapOptionNumber)critical is CoapOptionNumber.UriHost or CoapOptionNumber.UriPort
        or CoapOptionNumber.UriPath or CoapOptionNumber.UriQuery or CoapOptionNumber.Accept or CoapOptionNumber.Block1 or CoapOptionNumber.Block2
        or CoapOptionNumber.OcfAcceptContentFormatVersion or CoapOptionNumber.OcfContentFormatVersion;
}
