namespace OcfCloud.Onvif.Soap;

/// <summary>An uplink as the camera has it (<c>tup:Configuration</c>).</summary>
internal sealed record UplinkEntry(
    string RemoteAddress, string? CertificateId, IReadOnlyList<string> UserLevels, string? Status, string? PolicyId, string? AuthorizationServer, string? Error)
{
    /// <summary>It stands. Firmware from before the names were fixed says <c>Online</c>.</summary>
    public bool IsConnected => "Connected".Equals(Status, StringComparison.OrdinalIgnoreCase) || "Online".Equals(Status, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether requests that come by it may do everything: a list since 25.12.</summary>
    public bool IsAdministrator => UserLevels.Contains("Administrator", StringComparer.Ordinal) || UserLevels.Contains("onvif:Administrator", StringComparer.Ordinal);
}
