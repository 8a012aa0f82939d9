namespace OcfCloud.Simulator.Resources;

/// <summary>How a resource took a request; the door that it came in by turns it into a code.</summary>
internal enum ResourceStatus
{
    /// <summary>Here is the representation.</summary>
    Content,

    /// <summary>Changed; the representation is the new one.</summary>
    Changed,

    /// <summary>The request is malformed.</summary>
    BadRequest,

    /// <summary>This asker may not do this.</summary>
    Forbidden,

    /// <summary>The resource does not do this for anybody.</summary>
    NotAllowed,
}
