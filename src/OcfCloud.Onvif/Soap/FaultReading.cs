using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <summary>Reads SOAP 1.2 faults. Codes are told by their local names: the documents write them with this prefix and that.</summary>
internal static class FaultReading
{
    public const string NotAuthorized = "NotAuthorized";

    private const int MaxSubcodes = 8;

    public static bool IsFault(XElement element) => element.Name == SoapNames.Envelope + "Fault";

    public static SoapFault? Read(XElement fault)
    {
        var code = fault.Element(SoapNames.Envelope + "Code");
        if (code is null || LocalName(code) is not { } kind) return null;
        var subcodes = new List<string>();
        for (var next = code.Element(SoapNames.Envelope + "Subcode"); next is not null && subcodes.Count < MaxSubcodes; next = next.Element(SoapNames.Envelope + "Subcode"))
        {
            if (LocalName(next) is { } name) subcodes.Add(name);
        }

        var reason = fault.Element(SoapNames.Envelope + "Reason")?.Element(SoapNames.Envelope + "Text")?.Value.Trim() ?? "";
        return new SoapFault(kind == "Sender", subcodes, SoapReading.Line(reason));
    }

    /// <summary>A refusal of HTTP without SOAP.</summary>
    public static SoapFault OfStatus(int status) => new(IsSender: true, [NotAuthorized], $"HTTP {status}");

    private static string? LocalName(XElement parent)
    {
        var text = parent.Element(SoapNames.Envelope + "Value")?.Value.Trim();
        return string.IsNullOrEmpty(text) ? null : SoapReading.Line(text[(text.LastIndexOf(':') + 1)..]);
    }
}
