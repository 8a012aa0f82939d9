using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Devices;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>What a device's certificate says about who the device is.</summary>
public static class DeviceCertificate
{
    private const string CommonName = "2.5.4.3";
    private const string Prefix = "uuid:";

    /// <summary>
    /// Reads the device id that the certificate's common name binds: <c>uuid:</c> and 8-4-4-4-12 hexadecimal digits, nothing else. A maker's
    /// certificate (a bare UUID, any other text) binds none. Certificates that name several devices never get past the handshake.
    /// </summary>
    /// <param name="certificate">The device's certificate.</param>
    /// <param name="deviceId">The only device that may act on the connection.</param>
    /// <returns>Whether the certificate binds a device id.</returns>
    public static bool TryGetBoundDeviceId(X509Certificate2 certificate, out DeviceId deviceId) =>
        ReadIdentity(certificate.SubjectName, out deviceId) == CertificateIdentity.Bound;

    /// <summary>Reads the encoded name: its printed form can be made to look like another name by escapes and multi-valued parts.</summary>
    internal static CertificateIdentity ReadIdentity(X500DistinguishedName subject, out DeviceId deviceId)
    {
        deviceId = default;
        var identity = CertificateIdentity.Unbound;
        try
        {
            // RFC 5280, 4.1.2.4: Name is a sequence of sets of (type, value) pairs.
            var name = new AsnReader(subject.RawData, AsnEncodingRules.DER).ReadSequence();
            while (name.HasData)
            {
                var part = name.ReadSetOf(skipSortOrderValidation: true);
                while (part.HasData)
                {
                    var pair = part.ReadSequence();
                    if (pair.ReadObjectIdentifier() != CommonName) continue;
                    if (!TryReadDeviceId(pair, out var found)) continue;
                    if (identity == CertificateIdentity.Bound && found != deviceId) return CertificateIdentity.Ambiguous;
                    deviceId = found;
                    identity = CertificateIdentity.Bound;
                }
            }
        }
        catch (AsnContentException)
        {
            // A name that cannot be read must not pass for one that binds nothing.
            return CertificateIdentity.Ambiguous;
        }
        return identity;
    }

    private static bool TryReadDeviceId(AsnReader value, out DeviceId deviceId)
    {
        var text = value.ReadCharacterString((UniversalTagNumber)value.PeekTag().TagValue);
        deviceId = default;
        return text.StartsWith(Prefix, StringComparison.Ordinal) && DeviceId.TryParse(text.AsSpan(Prefix.Length), out deviceId);
    }
}
