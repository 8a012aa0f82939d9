namespace OcfCloud.EndToEnd.Harness;

/// <summary>A user of the cloud and the bearer token of its mediator.</summary>
internal sealed record CloudUser(Cloud Cloud, string Name, string Bearer)
{
    /// <summary>Gets a one-time token, for one device where it is named.</summary>
    public Task<string> CreateDeviceTokenAsync(Guid? device = null) => Cloud.CreateDeviceTokenAsync(Bearer, device);
}
