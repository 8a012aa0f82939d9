using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace OcfCloud.Simulator.Cameras.Soap;

/// <summary>
/// Reads an element's children in the order of the schema, as strictly as the stacks of cameras do: what comes too early, too late or not at all is a
/// fault. Attributes and children of other namespaces are extensions, and nobody's business here.
/// </summary>
internal sealed class ElementReader
{
    private readonly XElement _element;
    private readonly List<XElement> _children;
    private int _next;

    /// <summary>Reads an element.</summary>
    public ElementReader(XElement element)
    {
        _element = element;
        _children = [.. element.Elements().Where(child => child.Name.Namespace == element.Name.Namespace)];
    }

    /// <summary>The text of a child that must be next.</summary>
    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    /// <summary>The text of a child that may be next.</summary>
    public string? OptionalText(string name)
    {
        if (Take(name) is not { } child)
            return null;
        return child.HasElements ? throw SoapFaultException.Sender($"{name} is a text", "InvalidArgs") : child.Value.Trim();
    }

    /// <summary>The truth of a child that may be next.</summary>
    public bool? OptionalBoolean(string name) => OptionalText(name) is { } text ? Value(name, text, XmlConvert.ToBoolean) : null;

    /// <summary>The number of a child that must be next.</summary>
    public int Integer(string name) => Value(name, Text(name), text => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    /// <summary>The bytes of a child that must be next, base64.</summary>
    public byte[] Bytes(string name) => Value(name, Text(name), Convert.FromBase64String);

    /// <summary>A child that must be next.</summary>
    public ElementReader Required(string name) => Optional(name) ?? throw Missing(name);

    /// <summary>A child that may be next.</summary>
    public ElementReader? Optional(string name) => Take(name) is { } child ? new ElementReader(child) : null;

    /// <summary>All children of a name that are next.</summary>
    public List<ElementReader> Many(string name)
    {
        var all = new List<ElementReader>();
        while (Optional(name) is { } child)
            all.Add(child);
        return all;
    }

    /// <summary>All texts of a name that are next.</summary>
    public List<string> Texts(string name)
    {
        var all = new List<string>();
        while (OptionalText(name) is { } text)
            all.Add(text);
        return all;
    }

    /// <summary>An attribute; null where there is none.</summary>
    public string? Attribute(string name) => _element.Attribute(name)?.Value;

    /// <summary>Nothing more may come.</summary>
    public void End()
    {
        if (_next < _children.Count)
            throw SoapFaultException.Sender($"{_children[_next].Name.LocalName} was not expected there", "InvalidArgs");
    }

    private XElement? Take(string name) =>
        _next < _children.Count && _children[_next].Name.LocalName == name ? _children[_next++] : null;

    private SoapFaultException Missing(string name) => SoapFaultException.Sender($"{_element.Name.LocalName} lacks {name} there", "InvalidArgs");

    private static T Value<T>(string name, string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw SoapFaultException.Sender($"{name} has a wrong value", "InvalidArgs");
        }
    }
}
