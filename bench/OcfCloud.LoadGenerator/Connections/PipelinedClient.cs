using System.Diagnostics;
using OcfCloud.Coap;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>
/// Keeps so many GETs in flight on one connection: the frames are encoded once, an answer sends its own again, and what one read brought goes out in one write.
/// Nothing is allocated on the way.
/// </summary>
internal sealed class PipelinedClient
{
    private const ulong SlotMask = 0xffff;

    private readonly PeerConnection _connection;
    private readonly MeasuringPhase _phase;
    private readonly byte[][] _requests;
    private readonly long[] _sent;
    private readonly byte[] _out;

    /// <summary>Encodes the requests.</summary>
    /// <param name="connection">Set up, with nothing in flight.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="depth">Requests in flight.</param>
    /// <param name="phase">When to count.</param>
    public PipelinedClient(PeerConnection connection, string path, int depth, MeasuringPhase phase)
    {
        _connection = connection;
        _phase = phase;
        _requests = [.. Enumerable.Range(0, depth).Select(slot => Requests.Get(path, CoapToken.FromUInt64((1UL << 63) | (uint)slot)))];
        _sent = new long[depth];
        _out = new byte[Math.Max(_requests.Sum(request => request.Length) + (depth * DeviceAnswer.MaxSize), PeerConnection.LoadBuffer)];
    }

    /// <summary>How long answers took, while the phase counts.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Answers other than 2.xx, while the phase counts.</summary>
    public long Refused { get; private set; }

    /// <summary>Asks until the connection is disposed.</summary>
    /// <exception cref="LoadException">The connection ended before.</exception>
    public async Task RunAsync()
    {
        var stream = _connection.Stream;
        var received = _connection.Received;
        try
        {
            var count = First();
            while (!_phase.IsOver)
            {
                if (count > 0)
                {
                    await stream.WriteAsync(_out.AsMemory(0, count), CancellationToken.None);
                }
                else
                {
                    var read = await stream.ReadAsync(received.Free(), CancellationToken.None);
                    if (read == 0)
                        throw new LoadException("the server closed a connection under load");
                    received.Received(read);
                }

                count = Handle();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            if (!_phase.IsOver)
                throw new LoadException($"a connection under load broke: {e.Message}", e);
        }
    }

    private int First()
    {
        var position = 0;
        Array.Fill(_sent, Stopwatch.GetTimestamp());
        foreach (var request in _requests)
        {
            request.CopyTo(_out.AsSpan(position));
            position += request.Length;
        }

        return position;
    }

    private int Handle()
    {
        var now = Stopwatch.GetTimestamp();
        var counts = _phase.Counts;
        var position = 0;
        // Bounded by the room for what goes out: the rest is handled after the write.
        while (_out.Length - position >= DeviceAnswer.MaxSize + _requests[0].Length && PeerConnection.TryRead(_connection.Received.Filled, out var frame))
        {
            if (frame.Code.IsResponse)
            {
                var slot = (int)(frame.Token.Value & SlotMask);
                if (slot < _sent.Length)
                {
                    if (counts)
                        Count(frame.Code, now - _sent[slot]);
                    _sent[slot] = now;
                    _requests[slot].CopyTo(_out.AsSpan(position));
                    position += _requests[slot].Length;
                }
            }
            else
            {
                // The cloud asks a signed-in peer for its own resources.
                position += DeviceAnswer.Write(frame, _out.AsSpan(position));
            }

            _connection.Received.Consume(frame.Length);
        }

        return position;
    }

    private void Count(CoapCode code, long ticks)
    {
        if (code.IsSuccess)
            Latencies.Record(ticks);
        else
            Refused++;
    }
}
