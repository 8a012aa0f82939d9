namespace OcfCloud.Onvif.Soap;

/// <summary>How a SOAP call to a camera ended.</summary>
public enum CallOutcome
{
    /// <summary>With the answer.</summary>
    Done,

    /// <summary>With a SOAP fault, or a refusal of HTTP (401, 403), which counts as NotAuthorized.</summary>
    Fault,

    /// <summary>There is no uplink, or it ended before the answer.</summary>
    Offline,

    /// <summary>No answer in time, or one of HTTP that says that there is none now (408, 429, 5xx without SOAP).</summary>
    NoAnswer,

    /// <summary>Something that is no SOAP answer to this call.</summary>
    Unreadable,
}
