using System.Collections.Concurrent;
using System.Text;
using OcfCloud.Core.Payloads;
using OcfCloud.Core.Requests;

namespace OcfCloud.Console.Tests.Support;

/// <summary>All devices, as the port to them shows them: it keeps what they are asked and answers as the test says.</summary>
internal sealed class FakeDevice : IDeviceRequests
{
    private readonly ConcurrentQueue<DeviceRequest> _asked = new();

    /// <summary>What it was asked.</summary>
    public IReadOnlyList<DeviceRequest> Asked => [.. _asked];

    /// <summary>What it answers to a change.</summary>
    public DeviceAnswer Answer { get; set; } = new(DeviceOutcome.Answered) { Code = 204 };

    /// <summary>Its value, in JSON, for who reads it; null where it does not answer that.</summary>
    public string? Value { get; set; }

    /// <summary>As new: for the next test.</summary>
    public void Reset()
    {
        _asked.Clear();
        (Answer, Value) = (new(DeviceOutcome.Answered) { Code = 204 }, null);
    }

    public Task<DeviceAnswer> SendAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        _asked.Enqueue(request);
        return Task.FromResult(request.Method == DeviceMethod.Post ? Answer : Read());
    }

    /// <summary>The payload of a request, in JSON.</summary>
    public static string JsonOf(DeviceRequest request) =>
        PayloadConversion.TryToJson(request.Payload.Span, out var json) ? Encoding.UTF8.GetString(json) : throw new InvalidOperationException("The payload is no CBOR.");

    private DeviceAnswer Read() => Value is { } value && PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(value), out var cbor)
        ? new DeviceAnswer(DeviceOutcome.Answered) { Code = 205, ContentFormat = 10000, Payload = cbor }
        : new DeviceAnswer(DeviceOutcome.NoAnswer);
}
