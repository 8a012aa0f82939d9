namespace OcfCloud.Onvif.Provisioning;

/// <summary>Remote addresses are a camera's keys of uplinks: who names another's, however it is spelled, takes that one's place (onvif.md, 2.16).</summary>
internal static class RemoteAddresses
{
    /// <summary>One spelling of an address: scheme and host in lower case, no default port, no slash at the end.</summary>
    public static string Normalise(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return address;
        var isDefault = uri.IsDefaultPort || (uri.Port == 443 && uri.Scheme is "https" or "wss");
        return $"{uri.Scheme}://{uri.IdnHost.ToLowerInvariant()}{(isDefault ? "" : ":" + uri.Port)}{uri.AbsolutePath.TrimEnd('/')}{uri.Query}";
    }

    public static bool AreSame(string one, string other) => Normalise(one) == Normalise(other);

    /// <summary>Whether an address is one of this cloud's own.</summary>
    public static bool IsOwn(OnvifOptions options, string address) => AreSame(address, options.UplinkHttps) || AreSame(address, options.UplinkWss);
}
