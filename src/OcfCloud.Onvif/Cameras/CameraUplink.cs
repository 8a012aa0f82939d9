namespace OcfCloud.Onvif.Cameras;

/// <summary>A connection that a camera has opened to a node of this cloud. Its row goes with the connection, or with the node's lease.</summary>
public sealed class CameraUplink
{
    /// <summary>Whose.</summary>
    public Guid CameraId { get; init; }

    /// <summary>One of each kind stands at a time: the newest.</summary>
    public UplinkKind Kind { get; init; }

    /// <summary>The node that holds it.</summary>
    public Guid Node { get; set; }

    /// <summary>Which connection of that node it is: only who made the row takes it away.</summary>
    public Guid Connection { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; set; }
}
