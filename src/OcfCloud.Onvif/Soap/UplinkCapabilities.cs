namespace OcfCloud.Onvif.Soap;

/// <summary>The capabilities of tup.</summary>
/// <param name="MaxUplinks">Null: not said.</param>
/// <param name="Protocols">Firmware from before there were several says nothing: https alone.</param>
/// <param name="AuthorizationModes"><c>mTLS</c>, <c>AccessToken</c>.</param>
/// <param name="StreamingOverUplink">Whether media may come by it.</param>
internal sealed record UplinkCapabilities(int? MaxUplinks, IReadOnlyList<string> Protocols, IReadOnlyList<string> AuthorizationModes, bool StreamingOverUplink);
