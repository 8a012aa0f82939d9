using System.Collections.Concurrent;
using OcfCloud.Core.Requests;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>Another cloud as the gateway sees it: answers as it is told to, and keeps what it was asked.</summary>
internal sealed class OtherCloud : IMirroredRequests, IMirroredObservations
{
    /// <summary>Its id among the linked clouds.</summary>
    public static Guid Id { get; } = Guid.Parse("11111111-2222-3333-4444-555555555555");

    /// <summary>What it answers; a representation where nothing else is set.</summary>
    public Func<MirroredRequest, Task<DeviceAnswer>> Answers { get; set; } = request => Task.FromResult(Value(request, 1));

    /// <summary>Called when a resource was registered there, before its first answer is handed over.</summary>
    public Action<Observation>? Registered { get; set; }

    public ConcurrentQueue<MirroredRequest> Requests { get; } = new();

    public ConcurrentQueue<Observation> Observations { get; } = new();

    /// <summary>A representation, <c>{v: number}</c> in the format that was asked for.</summary>
    public static DeviceAnswer Value(MirroredRequest request, byte number) => new(DeviceOutcome.Answered)
    {
        Code = 205,
        ContentFormat = request.Accept,
        Payload = request.Accept == 50 ? System.Text.Encoding.ASCII.GetBytes($"{{\"v\":{number}}}") : new byte[] { 0xa1, 0x61, 0x76, number },
    };

    public static DeviceAnswer Error(int code, string words) => new(DeviceOutcome.Answered) { Code = code, Payload = System.Text.Encoding.UTF8.GetBytes(words), Diagnostic = words };

    public Task<DeviceAnswer> SendAsync(MirroredRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        return Answers(request);
    }

    public async Task<MirroredObservation> ObserveAsync(MirroredRequest request, Action<DeviceAnswer> receive, CancellationToken cancellationToken)
    {
        var first = await Answers(request);
        if (first.Code >= 300) return new MirroredObservation(first, null);
        var observation = new Observation(request, receive);
        Registered?.Invoke(observation);
        Observations.Enqueue(observation);
        return new MirroredObservation(first, observation);
    }

    internal sealed class Observation(MirroredRequest request, Action<DeviceAnswer> receive) : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public MirroredRequest Request => request;

        /// <summary>Completes when it is let go of.</summary>
        public Task Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        public bool HasEnded => _ended.Task.IsCompleted;

        public void Tell(DeviceAnswer answer) => receive(answer);

        public void Dispose() => _ended.TrySetResult();
    }
}
