using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Resources;

/// <summary>One resource of a simulated device.</summary>
/// <param name="href">Its path on the device.</param>
/// <param name="types">Its <c>rt</c>.</param>
/// <param name="interfaces">Its <c>if</c>; the first is the default.</param>
/// <param name="observable">Whether it tells of its changes.</param>
internal abstract class DeviceResource(string href, IReadOnlyList<string> types, IReadOnlyList<string> interfaces, bool observable)
{
    private const int Discoverable = 1;
    private const int Observed = 2;

    /// <summary>Raised after its representation has changed.</summary>
    public event Action<DeviceResource>? Changed;

    /// <summary>Its path on the device.</summary>
    public string Href { get; } = href;

    /// <summary>Its resource types.</summary>
    public IReadOnlyList<string> Types { get; } = types;

    /// <summary>Its interfaces; the first is the default.</summary>
    public IReadOnlyList<string> Interfaces { get; } = interfaces;

    /// <summary>Whether it tells of its changes.</summary>
    public bool IsObservable { get; } = observable;

    /// <summary>Its policy bitmask (<c>p.bm</c>).</summary>
    public int Policy => IsObservable ? Discoverable | Observed : Discoverable;

    /// <summary>Whether a cloud learns of it; the others exist at the local endpoint alone.</summary>
    public virtual bool IsPublished => true;

    /// <summary>Its representation in one of its interfaces, null standing for the default.</summary>
    public ResourceOutcome Retrieve(string? @interface)
    {
        if (@interface is not null && !Interfaces.Contains(@interface, StringComparer.Ordinal))
            return ResourceOutcome.BadRequest($"{Href} has no interface {@interface}");
        var representation = Read();
        if (@interface == OcfInterfaces.Baseline)
        {
            representation["rt"] = Texts(Types);
            representation["if"] = Texts(Interfaces);
        }

        return ResourceOutcome.Content(representation);
    }

    /// <summary>Why this asker may not change it, whatever it sends; null: it may.</summary>
    public virtual ResourceOutcome? Refuse(Requester requester) => null;

    /// <summary>Changes it by a partial representation; what it does not know is ignored.</summary>
    public virtual ResourceOutcome Update(JsonObject body, Requester requester) => ResourceOutcome.NotAllowed;

    /// <summary>What has to survive a restart, or null.</summary>
    public virtual JsonObject? Save() => null;

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    public virtual void Restore(JsonObject saved)
    {
    }

    /// <summary>Its own properties, in an object that the caller may change.</summary>
    public abstract JsonObject Read();

    /// <summary>Tells of a change; not to be called under a lock.</summary>
    protected void RaiseChanged() => Changed?.Invoke(this);

    /// <summary>An array of texts.</summary>
    protected static JsonArray Texts(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)JsonValue.Create(v))];
}
