using System.Text.Json.Nodes;
using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.Devices;

/// <summary>What <c>simulator/&lt;kind&gt;-&lt;n&gt;.json</c> holds.</summary>
internal sealed record DeviceState
{
    /// <summary><c>di</c>.</summary>
    public required Guid DeviceId { get; init; }

    /// <summary><c>piid</c>.</summary>
    public required Guid IndependentId { get; init; }

    /// <summary><c>pi</c>.</summary>
    public required Guid PlatformId { get; init; }

    /// <summary>The device's cloud and its tokens there.</summary>
    public CloudRecord Cloud { get; init; } = new();

    /// <summary>Values of the resources, by href.</summary>
    public JsonObject Values { get; init; } = [];

    /// <summary>A device that has never been anywhere.</summary>
    /// <param name="deviceId">Its id where its certificate says one; else one is made.</param>
    public static DeviceState New(Guid? deviceId = null) => new()
    {
        DeviceId = deviceId ?? Guid.NewGuid(),
        IndependentId = Guid.NewGuid(),
        PlatformId = Guid.NewGuid(),
    };
}
