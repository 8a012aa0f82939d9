using System.Collections.Concurrent;
using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>Which one encoding a cloud takes, where it refused the other (cloud-to-cloud.md, 2). In memory: a wrong or missing note costs one repetition.</summary>
internal sealed class RemoteEncodings
{
    private readonly ConcurrentDictionary<Guid, RemoteFormat> _answers = new(), _bodies = new();

    /// <summary>The one in which it answers; null: nothing is known.</summary>
    public RemoteFormat? OfAnswers(Guid cloud) => _answers.TryGetValue(cloud, out var format) ? format : null;

    /// <summary>The one in which it reads bodies; null: nothing is known.</summary>
    public RemoteFormat? OfBodies(Guid cloud) => _bodies.TryGetValue(cloud, out var format) ? format : null;

    /// <summary>It answered 406 to the other one and not to this.</summary>
    public void NoteAnswers(Guid cloud, RemoteFormat format) => _answers[cloud] = format;

    /// <summary>It answered 415 to the other one and not to this.</summary>
    public void NoteBodies(Guid cloud, RemoteFormat format) => _bodies[cloud] = format;
}
