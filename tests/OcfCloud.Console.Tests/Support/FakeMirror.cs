using System.Collections.Concurrent;
using System.Text;
using OcfCloud.Core.Requests;

namespace OcfCloud.Console.Tests.Support;

/// <summary>All devices of other clouds, as the port to them shows them: it keeps what they are asked and answers as the test says.</summary>
internal sealed class FakeMirror : IMirroredRequests
{
    private readonly ConcurrentQueue<MirroredRequest> _asked = new();

    /// <summary>What it was asked.</summary>
    public IReadOnlyList<MirroredRequest> Asked => [.. _asked];

    /// <summary>What it answers to a change.</summary>
    public DeviceAnswer Changed { get; set; } = new(DeviceOutcome.Answered) { Code = 204 };

    /// <summary>What it answers to who reads.</summary>
    public DeviceAnswer Value { get; set; } = Json("""{"value":true,"level":7}""");

    /// <summary>A representation.</summary>
    public static DeviceAnswer Json(string json) => new(DeviceOutcome.Answered) { Code = 205, ContentFormat = 50, Payload = Encoding.UTF8.GetBytes(json) };

    public Task<DeviceAnswer> SendAsync(MirroredRequest request, CancellationToken cancellationToken)
    {
        _asked.Enqueue(request);
        return Task.FromResult(request.Method == DeviceMethod.Post ? Changed : Value);
    }
}
