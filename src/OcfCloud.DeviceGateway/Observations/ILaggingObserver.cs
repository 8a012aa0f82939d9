namespace OcfCloud.DeviceGateway.Observations;

/// <summary>A client that may not have read when a notification was to go out.</summary>
internal interface ILaggingObserver
{
    /// <summary>Delivers the newest value where the client did not read when it came.</summary>
    void DeliverMissed();
}
