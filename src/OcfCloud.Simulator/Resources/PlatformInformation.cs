using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Resources;

/// <summary><c>/oic/p</c>: the platform that the device runs on.</summary>
/// <param name="platformId"><c>pi</c>.</param>
/// <param name="model"><c>mnmo</c>.</param>
internal sealed class PlatformInformation(Guid platformId, string model)
    : DeviceResource(Path, ["oic.wk.p"], [OcfInterfaces.Read, OcfInterfaces.Baseline], observable: false)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/oic/p";

    /// <inheritdoc/>
    public override JsonObject Read() => new()
    {
        ["rt"] = Texts(Types),
        ["pi"] = OcfUuid.Format(platformId),
        ["mnmn"] = "OcfCloud",
        ["mnmo"] = model,
    };
}
