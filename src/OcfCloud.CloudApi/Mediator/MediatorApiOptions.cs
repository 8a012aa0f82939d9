namespace OcfCloud.CloudApi.Mediator;

/// <summary>What mediators are told about this cloud, for a device's <c>oic.r.coapcloudconf</c>.</summary>
public sealed class MediatorApiOptions
{
    /// <summary>The authorization provider's name (<c>apn</c>).</summary>
    public string AuthorizationProvider { get; set; } = "ocfcloud";

    /// <summary>Where devices connect to (<c>cis</c>): <c>coaps+tcp://host:port</c>.</summary>
    public string CloudUri { get; set; } = "";

    /// <summary>The cloud's UUID (<c>sid</c>).</summary>
    public Guid CloudId { get; set; }
}
