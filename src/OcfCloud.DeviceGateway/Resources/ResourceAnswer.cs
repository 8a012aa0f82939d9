using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>What a resource of the cloud answers.</summary>
/// <param name="Message">The answer, without a token.</param>
/// <param name="ClosesConnection">The connection is closed once the answer is out.</param>
internal readonly record struct ResourceAnswer(CoapMessage Message, bool ClosesConnection = false)
{
    public static implicit operator ResourceAnswer(CoapMessage message) => new(message);

    /// <summary>A refusal with a diagnostic for people.</summary>
    public static ResourceAnswer Refuse(CoapCode code, string diagnostic) => CoapMessage.Response(code).WithDiagnostic(diagnostic);
}
