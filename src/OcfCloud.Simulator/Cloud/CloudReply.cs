using System.Text.Json.Nodes;
using OcfCloud.Coap;

namespace OcfCloud.Simulator.Cloud;

/// <summary>What the cloud answered to a request of the device's own.</summary>
/// <param name="Code">The code.</param>
/// <param name="Body">The representation; empty where there was none.</param>
/// <param name="Diagnostic">Of an error, for people.</param>
internal sealed record CloudReply(CoapCode Code, JsonObject Body, string Diagnostic)
{
    /// <summary>2.xx.</summary>
    public bool IsSuccess => Code.IsSuccess;

    /// <summary>4.01.</summary>
    public bool IsUnauthorized => Code == CoapCode.Unauthorized;

    /// <summary>Trouble of the cloud's own that may pass: 5.03, 5.04. Every other error stops a registration for good.</summary>
    public bool MayPass => Code == CoapCode.ServiceUnavailable || Code == CoapCode.GatewayTimeout;

    /// <summary>The code and the cloud's words.</summary>
    public override string ToString() => Diagnostic.Length > 0 ? $"{Code} {Diagnostic}" : Code.ToString();
}
