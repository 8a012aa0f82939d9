namespace OcfCloud.Core.Twins;

/// <summary>Periods and limits of the device twin.</summary>
public sealed class TwinOptions
{
    /// <summary>How long a change waits at most for others to be written with it. Default one second.</summary>
    public TimeSpan BatchPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The same for the resources of a device of which one is subscribed to. Default 20 ms.</summary>
    public TimeSpan SubscribedBatchPeriod { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes of one representation; a larger one is not kept. Default 64 KiB.</summary>
    public int MaxRepresentationSize { get; set; } = 64 * 1024;

    /// <summary>Bytes that may wait to be written. Default 64 MiB.</summary>
    public long MaxPendingBytes { get; set; } = 64L * 1024 * 1024;
}
