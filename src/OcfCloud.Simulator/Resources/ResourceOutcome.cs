using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Resources;

/// <summary>What a resource answers.</summary>
/// <param name="Status">How it went.</param>
/// <param name="Representation">On success.</param>
/// <param name="Reason">On failure, for people.</param>
internal readonly record struct ResourceOutcome(ResourceStatus Status, JsonNode? Representation, string? Reason)
{
    /// <summary>Here is the representation.</summary>
    public static ResourceOutcome Content(JsonNode representation) => new(ResourceStatus.Content, representation, Reason: null);

    /// <summary>Changed to this.</summary>
    public static ResourceOutcome Changed(JsonNode representation) => new(ResourceStatus.Changed, representation, Reason: null);

    /// <summary>Malformed.</summary>
    public static ResourceOutcome BadRequest(string reason) => new(ResourceStatus.BadRequest, Representation: null, reason);

    /// <summary>Not for this asker.</summary>
    public static ResourceOutcome Forbidden(string reason) => new(ResourceStatus.Forbidden, Representation: null, reason);

    /// <summary>Not for anybody.</summary>
    public static ResourceOutcome NotAllowed { get; } = new(ResourceStatus.NotAllowed, Representation: null, "the resource does not take this method");
}
