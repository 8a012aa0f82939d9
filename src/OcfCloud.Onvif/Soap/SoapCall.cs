using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <summary>One operation of a camera: how it is asked for, and how its answer is read.</summary>
/// <typeparam name="T">What a good answer says.</typeparam>
/// <param name="Service">Where.</param>
/// <param name="Operation">Its name in the WSDL.</param>
/// <param name="Write">Writes the children of the request, in the order of the schema: devices are strict.</param>
/// <param name="Read">Reads the response element; null where it lacks what it has to have.</param>
internal sealed record SoapCall<T>(CameraService Service, string Operation, Action<SoapWriter> Write, Func<XElement, T?> Read)
    where T : class
{
    /// <summary>The soapAction: the same form for all of them.</summary>
    public string Action => $"{SoapNames.Of(Service).NamespaceName}/{Operation}";

    /// <summary>The request as it goes out.</summary>
    public byte[] ToBytes() => SoapWriter.Envelope(Service, Operation, Write);
}
