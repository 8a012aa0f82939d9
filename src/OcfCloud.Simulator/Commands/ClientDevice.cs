using OcfCloud.Simulator.Clients;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Devices;

namespace OcfCloud.Simulator.Commands;

/// <summary>The client device of a command: registered at its first use, signed in for as long as the command takes.</summary>
internal sealed class ClientDevice : IAsyncDisposable
{
    // A registration, a redirection, and one more registration where the cloud had forgotten the first.
    private const int MostEntries = 4;

    private readonly RunningDevice _running;
    private readonly CloudSession _session;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _staying;

    private ClientDevice(RunningDevice running, CloudSession session, CommandContext context)
    {
        _running = running;
        _session = session;
        Session = new ClientSession(session);
        var device = running.Device;
        var generation = device.Configuration.Observe().Generation;
        var stay = new CloudStay(device.Configuration, generation, device.Entrance, links: null, context.Timing, context.Time, _ => { });
        _staying = stay.RunAsync(session, _stop.Token);
    }

    /// <summary>Asks the cloud.</summary>
    public ClientSession Session { get; }

    /// <summary>Signs in.</summary>
    /// <exception cref="CommandFailedException">The cloud does not let the client in, or is not there.</exception>
    public static async Task<ClientDevice> SignInAsync(Surroundings surroundings, CommandContext context, CancellationToken cancellationToken)
    {
        var running = RunningDevice.Open(DeviceKind.Client, listen: null, surroundings, context);
        try
        {
            return new ClientDevice(running, await EnterAsync(running.Device, surroundings, cancellationToken), context);
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _staying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _session.DisposeAsync();
        await _running.DisposeAsync();
        _stop.Dispose();
    }

    private static async Task<CloudSession> EnterAsync(SimulatedDevice device, Surroundings surroundings, CancellationToken cancellationToken)
    {
        CloudTrouble? trouble = null;
        for (var entries = 0; entries < MostEntries; entries++)
        {
            await SelfProvisioning.EnsureAsync(device, surroundings, _ => { }, cancellationToken);
            var generation = device.Configuration.Observe().Generation;
            (var session, trouble) = await device.Entrance.EnterAsync(generation, entries, cancellationToken);
            if (session is not null)
                return session;
            if (trouble is null)
                continue; // redirected
            if (trouble.Error is not CloudError.RefreshRefused)
            {
                // The next command begins with a fresh one-time token.
                if (device.Configuration.Current.Tokens is null)
                    device.Configuration.Fail(generation, trouble.Error);
                break;
            }

            // The cloud has forgotten this client, as after a removal: it registers anew.
            device.Configuration.Fail(generation, trouble.Error);
        }

        throw new CommandFailedException($"The client cannot get into the cloud: {trouble?.Message ?? "redirected too often"}.");
    }
}
