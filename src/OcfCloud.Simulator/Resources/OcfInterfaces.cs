namespace OcfCloud.Simulator.Resources;

/// <summary>Names of the OCF interfaces in use here (ISO/IEC 30118-1, 7.6).</summary>
internal static class OcfInterfaces
{
    /// <summary>Everything of a resource, its meta-properties included.</summary>
    public const string Baseline = "oic.if.baseline";

    /// <summary>List of links.</summary>
    public const string LinkList = "oic.if.ll";

    /// <summary>All resources at once.</summary>
    public const string Batch = "oic.if.b";

    /// <summary>Read only.</summary>
    public const string Read = "oic.if.r";

    /// <summary>Read and write.</summary>
    public const string ReadWrite = "oic.if.rw";

    /// <summary>Actuator.</summary>
    public const string Actuator = "oic.if.a";

    /// <summary>Sensor.</summary>
    public const string Sensor = "oic.if.s";
}
