using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>What a resource of the cloud answers.</summary>
/// <param name="Message">The answer, without a token.</param>
/// <param name="ClosesConnection">The connection is closed once the answer is out.</param>
/// <param name="Answered">Called once the answer is on its way, so that what follows under its token (notifications) cannot get before it; not called where another
/// answer went out instead.</param>
/// <param name="WhenTooLarge">What people are told instead where the peer takes neither the whole answer nor blocks of it (4.13); null: how large it is.</param>
/// <param name="Refusal">What is recorded of a refusal; null: what its code says.</param>
internal readonly record struct ResourceAnswer(CoapMessage Message, bool ClosesConnection = false, Action? Answered = null, string? WhenTooLarge = null, ResourceRefusal? Refusal = null)
{
    public static implicit operator ResourceAnswer(CoapMessage message) => new(message);

    /// <summary>A refusal with a diagnostic for people.</summary>
    public static ResourceAnswer Refuse(CoapCode code, string diagnostic, ResourceRefusal? refusal = null) =>
        new(CoapMessage.Response(code).WithDiagnostic(diagnostic), Refusal: refusal);
}
