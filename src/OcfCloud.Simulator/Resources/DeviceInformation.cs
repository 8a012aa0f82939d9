using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Resources;

/// <summary><c>/oic/d</c>: who the device is.</summary>
/// <param name="deviceId"><c>di</c>.</param>
/// <param name="independentId"><c>piid</c>, the id that survives a factory reset.</param>
/// <param name="name"><c>n</c>.</param>
/// <param name="deviceTypes">Device types beside <c>oic.wk.d</c>.</param>
internal sealed class DeviceInformation(Guid deviceId, Guid independentId, string name, IEnumerable<string> deviceTypes)
    : DeviceResource(Path, ["oic.wk.d", .. deviceTypes], [OcfInterfaces.Read, OcfInterfaces.Baseline], observable: false)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/oic/d";

    /// <inheritdoc/>
    public override JsonObject Read() => new()
    {
        ["rt"] = Texts(Types),
        ["n"] = name,
        ["di"] = OcfUuid.Format(deviceId),
        ["piid"] = OcfUuid.Format(independentId),
        ["icv"] = "ocf.2.0.5",
        ["dmv"] = "ocf.res.1.3.0,ocf.sh.1.3.0",
    };
}
