using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>A device of the crowd: four resources that it publishes, changes and takes back, in a life full of breaks.</summary>
internal sealed class CrowdDevice : CrowdMember
{
    private readonly ConcurrentDictionary<string, long> _published = new(StringComparer.Ordinal);

    public CrowdDevice(CrowdUser user, X509Certificate2 authority, Random random, CrowdFindings findings)
        : base(user, authority, random, findings) =>
        Resources = [.. Enumerable.Range(0, 4).Select(n => new CrowdResource(Id, $"/counter/{n}"))];

    public IReadOnlyList<CrowdResource> Resources { get; }

    /// <summary>What the directory holds of it, as discovery writes it.</summary>
    public IEnumerable<string> PublishedPaths => _published.Keys.Select(href => $"/{Id}{href}");

    public override string ToString() => $"device {Id}";

    /// <summary>Lives until told to stop.</summary>
    public async Task LiveAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await DoSomethingAsync();
            await CheckConnectionAsync();
            await Pause.ForAsync(TimeSpan.FromMilliseconds(Random.Next(50, 600)), stop);
        }
    }

    /// <summary>The last deed: stays online, signs out or breaks for good.</summary>
    public async Task RetireAsync()
    {
        switch (Random.Next(4))
        {
            case 0:
                await SignOutAsync();
                break;
            case 1:
                Presence.Become(CrowdState.Changing);
                Link.Break();
                await Link.DisposeAsync();
                break;
        }
    }

    public async Task PublishAllAsync() => await PublishAsync(Resources);

    protected override void Came(CrowdLink link) => link.Wire.OnRequest = request =>
    {
        if (Resources.FirstOrDefault(r => r.Href == request.Path) is { } resource)
        {
            resource.Handle(request, link);
            return null;
        }

        // The twin asks for /oic/d and /oic/p.
        return WireRequest.Answer(request, "4.04");
    };

    protected override void Left(CrowdLink link)
    {
        foreach (var resource in Resources)
        {
            resource.Forget(link);
        }
    }

    private async Task DoSomethingAsync()
    {
        switch (Random.Next(100))
        {
            case < 40:
                Any().Change();
                break;
            case < 55:
                await PublishAsync(Some());
                break;
            case < 63:
                await UnpublishAsync();
                break;
            case < 72:
                await RefreshAsync(losesAnswer: false);
                break;
            case < 80:
                await SignOutAsync();
                await MustAsync("4.01", "POST", "/oic/rd", PublishBody(Resources));
                await SignInAsync();
                break;
            case < 88:
                await BreakAsync();
                await SignInAsync();
                break;
            case < 91:
                // Field: after a reconnect a device refreshes first, then signs in.
                await RefreshAsync(losesAnswer: true);
                await SignInAsync();
                break;
            case < 94:
                var some = Some();
                await LoseAsync(WireRequest.Of("POST", "/oic/rd?rt=oic.wk.rdpub", PublishBody(some)));
                await SignInAsync();
                await PublishAsync(some);
                break;
            case < 98:
                await SignInElsewhereAsync();
                break;
            default:
                await BeBornAgainAsync();
                break;
        }
    }

    private async Task BeBornAgainAsync()
    {
        Resources.ToList().ForEach(r => r.Removing());
        await DeregisterAsync();
        Resources.ToList().ForEach(r => r.Removing());
        _published.Clear();
        await BreakAsync();
        await SignUpAsync(losesAnswer: Random.Next(2) == 0);
        await SignInAsync();
        await PublishAsync(Resources);
    }

    private async Task PublishAsync(IReadOnlyList<CrowdResource> resources)
    {
        if (await MustAsync("2.04", "POST", "/oic/rd?rt=oic.wk.rdpub", PublishBody(resources)) is not { } answer)
        {
            return;
        }

        var links = ((List<object?>)Cbor.DecodeMap(answer.Payload)["links"]!).Cast<Dictionary<string, object?>>().ToList();
        Findings.Check(
            links.Select(l => (string)l["href"]!).Order(StringComparer.Ordinal).SequenceEqual(resources.Select(r => r.Href).Order(StringComparer.Ordinal)),
            () => $"{this}: the answer to a publish names other links");
        foreach (var link in links)
        {
            var (href, ins) = ((string)link["href"]!, (long)link["ins"]!);
            Findings.Check(_published.GetValueOrDefault(href, ins) == ins, () => $"{this}: {href} had the number {_published[href]} and got {ins}");
            Findings.Check(!_published.Any(p => p.Value == ins && p.Key != href), () => $"{this}: the number {ins} is given twice");
            _published[href] = ins;
        }
    }

    private async Task UnpublishAsync()
    {
        if (_published.IsEmpty)
        {
            await MustAsync("4.04", "DELETE", $"/oic/rd?di={Id}");
            return;
        }

        var (href, ins) = _published.ToArray()[Random.Next(_published.Count)];
        Resources.Single(r => r.Href == href).Removing();
        if (await MustAsync("2.02", "DELETE", $"/oic/rd?di={Id}&ins={ins}") is not null)
        {
            _published.TryRemove(href, out _);
        }

        // What may still end an observation counts from the answer, which may take its time.
        Resources.Single(r => r.Href == href).Removing();
    }

    private byte[] PublishBody(IReadOnlyList<CrowdResource> resources) =>
        Cbor.Map(("di", Id.ToString()), ("links", resources.Select(r => r.Link).ToList()), ("ttl", 0));

    private CrowdResource Any() => Resources[Random.Next(Resources.Count)];

    private List<CrowdResource> Some()
    {
        var some = Resources.Where(_ => Random.Next(2) == 0).ToList();
        return some.Count > 0 ? some : [Any()];
    }
}
