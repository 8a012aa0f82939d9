namespace OcfCloud.Onvif.Soap;

/// <summary>An authorization server configuration as the camera has it; it never says the secret.</summary>
internal sealed record AuthorizationServerEntry(string Token, AuthorizationServerData Data);
