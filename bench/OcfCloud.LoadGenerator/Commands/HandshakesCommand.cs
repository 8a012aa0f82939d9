using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.LoadGenerator.Connections;
using OcfCloud.LoadGenerator.Devices;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary><c>handshakes</c>: connections that come, sign in and go.</summary>
internal static class HandshakesCommand
{
    private const string Mode = "handshakes";

    /// <summary>Describes the command.</summary>
    public static Command Describe(SharedOptions shared)
    {
        var load = new LoadOptions();
        var devices = LoadOptions.Number("--devices", "Devices that come one after the other", 200, 10_000);
        var resume = new Option<bool>("--resume") { Description = "Continue TLS sessions" };
        var listen = SharedOptions.AddressOption("--listen", "With --target: where the relay finds what answers, without TLS");
        var command = new Command(
            Mode, "Handshake and sign-in, at a peer handshake and one answered request, --connections of them at once.") { devices, resume, listen };
        load.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            shared.Read(parsed), load.Read(parsed), parsed.GetValue(devices), parsed.GetValue(resume), parsed.GetValue(listen), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Surroundings surroundings, Load load, int count, bool resume, IPEndPoint? listen, CancellationToken cancellationToken)
    {
        var server = surroundings.Process();
        if (surroundings.Target is null)
        {
            using var fleet = new Fleet(surroundings.Cloud(), surroundings.Tls, resume);
            var joined = await fleet.JoinAsync(count, links: 0, PeerConnection.IdleBuffer, _ => { }, cancellationToken);
            foreach (var device in joined)
                await device.Connection.DisposeAsync();
            return await surroundings.TellAsync(await MeasureAsync(load, count, server, fleet.FullHandshakeBytes, ComeAsync, cancellationToken));

            async Task<long> ComeAsync(int i)
            {
                var dialled = await joined[i].Device.DialAsync(fleet.Door, cancellationToken);
                await using var connection = new PeerConnection(dialled.Stream, PeerConnection.IdleBuffer);
                await joined[i].Device.SignInAsync(connection, isFirst: true, cancellationToken);
                return dialled.HandshakeBytes;
            }
        }

        using var authority = new DeviceAuthority(surroundings.PkiFolder);
        using var shown = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(surroundings.PkiFolder, "cloud.pem"));
        await using var answering = listen is null ? null : new TlsServer(listen, certificate: null, shown);
        var peers = Enumerable.Range(0, count).Select(_ => new TlsPeer(authority.Issue(Guid.NewGuid()), shown, surroundings.Tls, resume)).ToList();
        return await surroundings.TellAsync(await MeasureAsync(load, count, server, long.MaxValue, AskAsync, cancellationToken));

        async Task<long> AskAsync(int i)
        {
            var dialled = await peers[i].DialAsync(surroundings.Target, cancellationToken);
            await using var connection = new PeerConnection(dialled.Stream, PeerConnection.IdleBuffer);
            await connection.AskAsync(token => [.. PeerConnection.Csm(), .. Requests.Get("/light", token)], cancellationToken);
            return long.MaxValue;
        }
    }

    private static async Task<Measured> MeasureAsync(
        Load load, int count, ServerProcess server, long fullBytes, Func<int, Task<long>> comeAsync, CancellationToken cancellationToken)
    {
        var phase = new MeasuringPhase();
        var latencies = new LatencyHistogram();
        var next = -1;
        long resumed = 0, failed = 0;
        var workers = Enumerable.Range(0, load.Connections).Select(_ => Task.Run(WorkAsync, cancellationToken)).ToList();
        await Task.Delay(load.WarmUp, cancellationToken);
        var meter = new Meter(server);
        phase.Begin();
        await Task.Delay(load.Duration, cancellationToken);
        meter.Stop();
        phase.End();
        await Task.WhenAll(workers);
        return meter.Read(Mode, latencies) with { Connections = load.Connections, Depth = 1, Failed = failed, Resumed = resumed };

        async Task WorkAsync()
        {
            while (!phase.IsOver)
            {
                var began = Stopwatch.GetTimestamp();
                try
                {
                    var bytes = await comeAsync((int)((uint)Interlocked.Increment(ref next) % (uint)count));
                    if (!phase.Counts)
                        continue;
                    lock (latencies)
                        latencies.Record(Stopwatch.GetTimestamp() - began);
                    // The server's certificate is most of what it sends in a full one.
                    if (bytes < fullBytes / 2)
                        Interlocked.Increment(ref resumed);
                }
                catch (LoadException e)
                {
                    if (Interlocked.Increment(ref failed) == 1)
                        await Console.Error.WriteLineAsync($"the first that failed: {e.Message}");
                }
            }
        }
    }
}
