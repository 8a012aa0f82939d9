using System.Net.Security;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>The cloud's own certificate, as devices see it: read again when its files change.</summary>
public sealed class CloudCertificate
{
    /// <summary>The leaf, its key and the intermediates that go out with it.</summary>
    public SslStreamCertificateContext Current => throw new NotSupportedException();

    /// <summary>The cloud's UUID (<c>sid</c>) from the common name <c>uuid:&lt;sid&gt;</c>; none where the name has another form. A reload never changes it.</summary>
    public Guid? Sid { get; }
}
