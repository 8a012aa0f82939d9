using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <summary>How values stand in what a camera says: found by namespace and name, whatever stands beside them.</summary>
internal static class SoapReading
{
    private const int MaxIdLength = 256;
    private const int MaxTextLength = 256;
    private const int MaxAddressLength = 2048;

    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    /// <summary>The text of a child, cut to what is stored; null where it is missing.</summary>
    public static string? Text(this XElement parent, string name) => parent.Element(parent.Name.Namespace + name)?.Value.Trim() is { } text ? Cut(text) : null;

    /// <summary>An address; null where it is missing or longer than any that is set here.</summary>
    public static string? Address(this XElement parent, string name) =>
        parent.Element(parent.Name.Namespace + name)?.Value.Trim() is { Length: > 0 and <= MaxAddressLength } text ? text : null;

    /// <summary>An id of the keystore; null where it is missing or none.</summary>
    public static string? Id(this XElement parent, string name) =>
        parent.Element(parent.Name.Namespace + name)?.Value.Trim() is { Length: > 0 and <= MaxIdLength } id ? id : null;

    /// <summary>Base64 of DER, white space or not; null where it is missing or none.</summary>
    public static byte[]? Bytes(this XElement parent, string name)
    {
        if (parent.Element(parent.Name.Namespace + name)?.Value is not { Length: > 0 } text) return null;
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static bool? Flag(string? text) => text?.Trim() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    public static int? Number(this XElement element, string attribute) =>
        int.TryParse(element.Attribute(attribute)?.Value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>An attribute that is a list (<c>tt:StringList</c>); null where it is missing.</summary>
    public static IReadOnlyList<string>? List(this XElement element, string attribute) => element.Attribute(attribute)?.Value is { } text ? Words(text) : null;

    public static IReadOnlyList<string> Words(string text) => text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>An <c>xs:duration</c>; null for anything else.</summary>
    public static TimeSpan? Duration(string? text)
    {
        try
        {
            return text is null ? null : XmlConvert.ToTimeSpan(text.Trim());
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Path and query of an XAddr. Scheme and host mean nothing over an uplink, and following them would lead anywhere.</summary>
    /// <returns>Null for what is no http address.</returns>
    public static string? PathOf(string xaddr) =>
        Uri.TryCreate(xaddr.Trim(), UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.PathAndQuery.Length <= MaxAddressLength
            ? uri.PathAndQuery
            : null;

    /// <summary>Text that goes into logs: cut, and in one line.</summary>
    public static string Line(string text) => new([.. Cut(text).Select(character => char.IsControl(character) ? ' ' : character)]);

    public static string Cut(string text) => text.Length <= MaxTextLength ? text : text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
}
