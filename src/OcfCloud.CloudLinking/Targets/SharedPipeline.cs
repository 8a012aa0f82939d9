using System.Net.Security;
using OcfCloud.CloudLinking.LinkedClouds;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>The pipeline of a stored cloud, which goes when it was retired and nobody uses it any more. Taken and retired under its owner's lock.</summary>
internal sealed class SharedPipeline(TargetPipeline pipeline, LinkedCloud row, SslStreamCertificateContext? ownCertificate)
{
    // The owner's is one.
    private int _users = 1;

    public DateTimeOffset CheckedAt { get; set; }

    public Use Take()
    {
        Interlocked.Increment(ref _users);
        return new Use(this, pipeline);
    }

    public void Retire() => Release();

    /// <summary>Whether it is made of the same as a row that was read again.</summary>
    public bool Serves(LinkedCloud other, SslStreamCertificateContext? otherCertificate) =>
        row.Url == other.Url && row.Issuer == other.Issuer && row.TokenEndpoint == other.TokenEndpoint && row.RevocationEndpoint == other.RevocationEndpoint
        && row.TrustAnchors == other.TrustAnchors && row.ClientCertificate == other.ClientCertificate
        && (row.ClientKey ?? []).AsSpan().SequenceEqual(other.ClientKey ?? []) && ReferenceEquals(ownCertificate, otherCertificate);

    private void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) pipeline.Dispose();
    }

    /// <summary>One user of it.</summary>
    public sealed class Use(SharedPipeline shared, TargetPipeline pipeline) : IDisposable
    {
        private SharedPipeline? _shared = shared;

        public TargetPipeline Pipeline { get; } = pipeline;

        public void Dispose() => Interlocked.Exchange(ref _shared, null)?.Release();
    }
}
