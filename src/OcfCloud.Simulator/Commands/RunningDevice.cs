using System.Net;
using System.Net.Sockets;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.DataFiles;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Local;
using OcfCloud.Simulator.Mediators;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Commands;

/// <summary>One device of this process, with its right to its name and, where it was asked for, its local endpoint.</summary>
internal sealed class RunningDevice : IAsyncDisposable
{
    private readonly SimulatedNumber _number;
    private readonly SimulatedDevice _device;
    private readonly Surroundings _surroundings;
    private readonly Action<string> _tell;
    private LocalEndpoint? _endpoint;

    private RunningDevice(SimulatedNumber number, SimulatedDevice device, Surroundings surroundings, Action<string> tell)
    {
        _number = number;
        _device = device;
        _surroundings = surroundings;
        _tell = tell;
    }

    /// <summary>The device itself.</summary>
    public SimulatedDevice Device => _device;

    /// <summary>Takes the lowest free number of a kind and takes up the device where it was left.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="listen">Where its local endpoint listens; null: it has none.</param>
    /// <param name="surroundings">Where the cloud is.</param>
    /// <param name="context">Console and clock.</param>
    public static RunningDevice Open(DeviceKind kind, IPEndPoint? listen, Surroundings surroundings, CommandContext context)
    {
        var number = SimulatedNumber.Take(surroundings.Data, kind.ToString().ToLowerInvariant());
        RunningDevice? running = null;
        try
        {
            var own = surroundings.OwnCertificate;
            var memory = DeviceMemory.Open(number.StatePath, CertificateIdentity.TryRead(own, out var id) ? id : null);
            var certificate = own ?? new IdentityCertificates(surroundings.Data, context.Time).Get(number.Name, memory.Current.DeviceId);
            Action<string> tell = kind == DeviceKind.Client ? _ => { } : what => context.Console.Output.WriteLine($"{number.Name}: {what}");
            var device = new SimulatedDevice(kind, number.Name, memory, certificate, surroundings.CloudAnchors, context.Timing, context.Time, tell);
            running = new RunningDevice(number, device, surroundings, tell);
            running.Introduce(listen, context.Time);
            return running;
        }
        catch
        {
            running?._device.Dispose();
            number.Dispose();
            throw;
        }
    }

    /// <summary>Gets its one-time token where nobody else provisions it, and lives.</summary>
    /// <returns>Ends when it is told to stop, and where it failed for good.</returns>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_endpoint is not null)
        {
            await _device.RunAsync(cancellationToken);
            return;
        }

        await SelfProvisioning.EnsureAsync(_device, _surroundings, _tell, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var living = _device.RunAsync(stop.Token);
        await Task.WhenAny(living, FailedAsync(stop.Token));
        await stop.CancelAsync();
        await living;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
            await _endpoint.DisposeAsync();
        _device.Dispose();
        _number.Dispose();
    }

    private void Introduce(IPEndPoint? listen, TimeProvider time)
    {
        _tell($"{OcfUuid.Format(_device.DeviceId)} {_device.Type}");
        if (listen is null)
            return;
        try
        {
            var mediator = new MediatorFile(_surroundings.Data);
            _endpoint = new LocalEndpoint(listen, _device.Certificate, _surroundings.DeviceAnchors, _device.Server, mediator.IsOwner, time);
        }
        catch (SocketException e)
        {
            throw new CommandFailedException($"--listen: {listen}: {e.Message}.");
        }

        _tell($"listens at {_endpoint.Address}");
        var record = _device.Configuration.Current;
        _tell(record.Cps == ProvisioningStatus.Registered
            ? $"is registered at {record.Cis}"
            : $"waits to be provisioned: mediator provision --device {_endpoint.Address}");
    }

    private async Task FailedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (record, _, changed) = _device.Configuration.Observe();
            if (record.Cps == ProvisioningStatus.Failed)
                return;
            await changed.WaitAsync(cancellationToken);
        }
    }
}
