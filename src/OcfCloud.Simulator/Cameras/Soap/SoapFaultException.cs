namespace OcfCloud.Simulator.Cameras.Soap;

/// <summary>What a camera refuses, as SOAP says it: a code and subcodes of ONVIF's namespace <c>ter</c>.</summary>
internal sealed class SoapFaultException : Exception
{
    private SoapFaultException(string code, string reason, string[] subcodes)
        : base(reason) => (Code, Subcodes) = (code, subcodes);

    /// <summary>Local name in the envelope's namespace: <c>Sender</c>, <c>Receiver</c> or <c>VersionMismatch</c>.</summary>
    public string Code { get; }

    /// <summary>Local names in the namespace of errors, from the outside to the inside.</summary>
    public IReadOnlyList<string> Subcodes { get; }

    /// <summary>400 where the sender is to blame, else 500 (SOAP 1.2 part 2, table 20).</summary>
    public int Status => Code == "Sender" ? 400 : 500;

    /// <summary>The sender is to blame.</summary>
    public static SoapFaultException Sender(string reason, params string[] subcodes) => new("Sender", reason, subcodes);

    /// <summary>The camera cannot.</summary>
    public static SoapFaultException Receiver(string reason, params string[] subcodes) => new("Receiver", reason, subcodes);

    /// <summary>The envelope is not SOAP 1.2.</summary>
    public static SoapFaultException VersionMismatch() => new("VersionMismatch", "SOAP 1.2 alone", []);

    /// <summary>Sender, ter:InvalidArgVal and one more.</summary>
    public static SoapFaultException InvalidArgument(string subcode, string reason) => Sender(reason, "InvalidArgVal", subcode);

    /// <summary>No room for another one.</summary>
    public static SoapFaultException Full(string subcode) => Receiver("no room for another one", "Action", subcode);

    /// <summary>Something else refers to what is to be deleted.</summary>
    public static SoapFaultException ReferenceExists(string id) => InvalidArgument("ReferenceExists", $"something refers to {id}");
}
