namespace OcfCloud.Onvif.Soap;

/// <summary>A SOAP 1.2 fault.</summary>
/// <param name="IsSender">The request's fault; else the camera's.</param>
/// <param name="Subcodes">Local names of the subcodes, outermost first.</param>
/// <param name="Reason">The camera's words, cut to 256 characters.</param>
public sealed record SoapFault(bool IsSender, IReadOnlyList<string> Subcodes, string Reason)
{
    /// <summary>Whether one of the subcodes is this.</summary>
    public bool Has(string subcode) => Subcodes.Contains(subcode, StringComparer.Ordinal);
}
