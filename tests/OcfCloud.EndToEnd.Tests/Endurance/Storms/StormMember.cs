using System.Net.Sockets;
using System.Security.Authentication;

namespace OcfCloud.EndToEnd.Endurance.Storms;

/// <summary>One who works with the cloud until it is killed, and keeps book of what was answered.</summary>
internal abstract class StormMember(Storm storm) : IAsyncDisposable
{
    protected Storm Storm => storm;

    /// <summary>Works until the kill, or until it is told to stop.</summary>
    public async Task LiveAsync()
    {
        try
        {
            await BeginAsync();
            while (!storm.IsOver) await TurnAsync();
        }
        catch (Exception e) when (storm.IsKilled && e is IOException or SocketException or ObjectDisposedException or HttpRequestException or AuthenticationException or OperationCanceledException)
        {
            storm.CountUnanswered();
        }
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>What a life of the cloud begins with.</summary>
    protected virtual Task BeginAsync() => Task.CompletedTask;

    protected abstract Task TurnAsync();
}
