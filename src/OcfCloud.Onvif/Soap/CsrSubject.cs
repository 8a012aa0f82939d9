namespace OcfCloud.Onvif.Soap;

/// <summary>The subject of a certification request; CommonName alone where the camera takes no more.</summary>
internal sealed record CsrSubject(string CommonName, string? Organization, string? SerialNumber);
