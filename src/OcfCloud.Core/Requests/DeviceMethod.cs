namespace OcfCloud.Core.Requests;

/// <summary>What is done with a resource.</summary>
public enum DeviceMethod
{
    /// <summary>Retrieve.</summary>
    Get,

    /// <summary>Update, or create where the query is <c>if=oic.if.create</c>.</summary>
    Post,
}
