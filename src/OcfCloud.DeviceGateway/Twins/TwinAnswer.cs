namespace OcfCloud.DeviceGateway.Twins;

/// <summary>What a device made of the twin's request.</summary>
internal enum TwinAnswer
{
    /// <summary>It did not answer.</summary>
    None,

    /// <summary>It answered, and will not tell changes.</summary>
    NotObservable,

    /// <summary>It tells every change.</summary>
    Observed,
}
