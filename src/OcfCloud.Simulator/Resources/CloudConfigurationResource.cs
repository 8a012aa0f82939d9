using System.Text.Json.Nodes;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Resources;

/// <summary><c>oic.r.coapcloudconf</c>, at the local endpoint alone: what a mediator writes and follows (OCF Cloud Specification 2.0.3, 6.1).</summary>
internal sealed class CloudConfigurationResource : DeviceResource
{
    /// <summary>Where it is.</summary>
    public const string Path = "/CoapCloudConfResURI";

    /// <summary>Its resource type, by which a mediator finds it.</summary>
    public const string Type = "oic.r.coapcloudconf";

    private readonly CloudConfiguration _configuration;

    /// <summary>Shows and changes a configuration.</summary>
    public CloudConfigurationResource(CloudConfiguration configuration)
        : base(Path, [Type], [OcfInterfaces.ReadWrite, OcfInterfaces.Baseline], observable: true)
    {
        _configuration = configuration;
        _configuration.Changed += _ => RaiseChanged();
    }

    /// <inheritdoc/>
    public override bool IsPublished => false;

    /// <inheritdoc/>
    public override JsonObject Read()
    {
        // Neither the one-time token nor the tokens of the sign-up are ever shown.
        var record = _configuration.Current;
        var representation = new JsonObject
        {
            ["cis"] = record.Cis ?? "",
            ["sid"] = OcfUuid.Format(record.Sid ?? Guid.Empty),
            ["cps"] = StatusName(record.Cps),
            ["clec"] = (long)record.Clec,
        };
        if (record.Apn is { } apn)
            representation["apn"] = apn;
        return representation;
    }

    /// <inheritdoc/>
    public override ResourceOutcome? Refuse(Requester requester) =>
        requester == Requester.Mediator ? null : ResourceOutcome.Forbidden("only the owner's mediator may configure the cloud");

    /// <inheritdoc/>
    public override ResourceOutcome Update(JsonObject body, Requester requester)
    {
        if (Refuse(requester) is { } refusal)
            return refusal;
        return _configuration.Update(body) is { } reason ? ResourceOutcome.BadRequest(reason) : ResourceOutcome.Changed(Read());
    }

    /// <summary>The written form of <c>cps</c>.</summary>
    public static string StatusName(ProvisioningStatus status) => status switch
    {
        ProvisioningStatus.Uninitialized => "uninitialized",
        ProvisioningStatus.ReadyToRegister => "readytoregister",
        ProvisioningStatus.Registering => "registering",
        ProvisioningStatus.Registered => "registered",
        _ => "failed",
    };
}
