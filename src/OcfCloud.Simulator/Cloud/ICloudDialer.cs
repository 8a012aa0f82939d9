namespace OcfCloud.Simulator.Cloud;

/// <summary>Opens connections to a cloud.</summary>
internal interface ICloudDialer
{
    /// <summary>Connects and checks that it is the cloud that was named.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="cloudId">Whose certificate it must show.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CloudUnreachableException">No connection, no handshake, or another cloud.</exception>
    Task<Stream> DialAsync(CoapsAddress address, Guid cloudId, CancellationToken cancellationToken);
}
