using OcfCloud.Coap;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>An answer that was waited for.</summary>
/// <param name="Code">How it went.</param>
/// <param name="Payload">Representation or diagnostic.</param>
internal sealed record Reply(CoapCode Code, byte[] Payload)
{
    /// <summary>Code and diagnostic, for people.</summary>
    public override string ToString() => Code.IsSuccess ? Code.ToString() : $"{Code} {System.Text.Encoding.UTF8.GetString(Payload)}";
}
