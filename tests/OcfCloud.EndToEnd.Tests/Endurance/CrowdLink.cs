using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>One connection of a member of the crowd; sending never fails, an answer that does not come is null.</summary>
internal sealed class CrowdLink : IAsyncDisposable
{
    private CrowdLink(WireConnection wire) => Wire = wire;

    public WireConnection Wire { get; }

    public bool HasEnded => Wire.Ended.IsCompleted;

    public static async Task<CrowdLink> OpenAsync(Cloud cloud, X509Certificate2 certificate, X509Certificate2 authority) =>
        new(await WireConnection.ConnectAsync(cloud.Coaps, certificate, authority));

    /// <summary>Sends in the order of the calls, and forgets it where the connection is gone.</summary>
    public void Post(WireMessage message) => _ = SendAsync(message);

    public async Task<bool> SendAsync(WireMessage message)
    {
        try
        {
            await Wire.SendAsync(message);
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The answer; null where the connection ended before it came.</summary>
    public async Task<WireMessage?> AskAsync(WireMessage request)
    {
        try
        {
            return await Wire.RequestAsync(request);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The connection breaks without a word.</summary>
    public void Break() => Wire.Reset();

    public ValueTask DisposeAsync() => Wire.DisposeAsync();
}
