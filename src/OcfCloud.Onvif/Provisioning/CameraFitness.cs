using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>Whether a camera can take a configuration: asked before startDeviceSharing is answered, and again before the camera is touched.</summary>
internal static class CameraFitness
{
    private const int LeastRsaBits = 3072;

    // More takes a camera too long, and other clouds refuse it.
    private const int MostRsaBits = 8192;

    /// <summary>Judges.</summary>
    /// <param name="options">This cloud's own uplinks.</param>
    /// <param name="camera">What is stored of the camera.</param>
    /// <param name="promised">What the share token says that it is.</param>
    /// <param name="view">What it says.</param>
    /// <param name="configuration">What it is to take.</param>
    /// <param name="ofSameCloud">Remote addresses that earlier shares with the same cloud set.</param>
    public static CameraCheck Judge(
        OnvifOptions options, Camera camera, PromisedCamera? promised, CameraView view, DeviceConfiguration configuration, IReadOnlyCollection<string> ofSameCloud)
    {
        if (Other(camera, promised, view.Information) is { } other) return new CameraCheck(other, IsOtherCamera: true);
        return new CameraCheck(
            Capabilities(view) ?? OwnLevel(options, view) ?? Addresses(options, view.Uplinks, configuration, ofSameCloud) ?? Uplinks(view, configuration) ?? Room(view, configuration, ofSameCloud),
            IsOtherCamera: false);
    }

    /// <summary>Whether the camera is the one that was shared: as it is stored, and as the share token says, which does not change when the camera says something else (1.3 step 2a).</summary>
    /// <returns>Why not; null: it is.</returns>
    public static string? Other(Camera camera, PromisedCamera? promised, DeviceInformation says) =>
        IsOther(camera, says) || promised?.IsOther(says) == true ? "The camera says that it is another one than is known here." : null;

    /// <summary>The rule against hijacking: no uplink of this cloud, and none on the camera but those that an earlier share with the same cloud set.</summary>
    /// <returns>Why not; null: none is another's.</returns>
    public static string? Addresses(OnvifOptions options, IReadOnlyList<UplinkEntry> existing, DeviceConfiguration configuration, IReadOnlyCollection<string> ofSameCloud)
    {
        foreach (var address in configuration.UplinkConfigurations.Select(uplink => uplink.RemoteAddress))
        {
            if (RemoteAddresses.IsOwn(options, address)) return "A remote address is this cloud's own.";
            if (existing.Any(one => RemoteAddresses.AreSame(one.RemoteAddress, address)) && !ofSameCloud.Any(one => RemoteAddresses.AreSame(one, address)))
                return "A remote address is on the camera already, and another cloud's.";
        }

        return null;
    }

    public static bool Supports(CameraView view, string remoteAddress) =>
        view.UplinkCapabilities.Protocols.Any(protocol => remoteAddress.StartsWith(protocol + "://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Anchors that are not on the camera, each once.</summary>
    public static int MissingAnchors(CameraView view, DeviceConfiguration configuration) => configuration.CertPathValidationPolicies.SelectMany(policy => policy.TrustAnchors)
        .Select(Convert.ToBase64String).Distinct(StringComparer.Ordinal)
        .Except(view.Certificates.Select(one => Convert.ToBase64String(one.Content)), StringComparer.Ordinal).Count();

    /// <summary>Whether it makes keys of elliptic curves, as far as it says.</summary>
    public static bool IsEccKnown(SecurityCapabilities capabilities) =>
        capabilities.KeyPairGeneration.Contains("ECC", StringComparer.Ordinal) || (capabilities.KeyPairGeneration.Count == 0 && capabilities.EllipticCurves.Count > 0);

    /// <summary>Bits of the RSA key that it is to make: the least that is good enough.</summary>
    /// <returns>Null: it makes none that is.</returns>
    public static int? RsaBitsOf(SecurityCapabilities capabilities)
    {
        if (capabilities.RsaKeyLengths.Count == 0) return LeastRsaBits;
        var good = capabilities.RsaKeyLengths.Where(bits => bits is >= LeastRsaBits and <= MostRsaBits).ToList();
        return good.Count == 0 ? null : good.Min();
    }

    private static bool IsOther(Camera camera, DeviceInformation says) =>
        (camera.Manufacturer is { } manufacturer && !SaidText.IsSame(manufacturer, says.Manufacturer)) || (camera.Model is { } model && !SaidText.IsSame(model, says.Model))
        || (camera.SerialNumber is { } serial && !SaidText.IsSame(serial, says.SerialNumber));

    private static string? Capabilities(CameraView view)
    {
        var (tup, tas) = (view.UplinkCapabilities, view.SecurityCapabilities);
        if (!tup.AuthorizationModes.Contains("AccessToken", StringComparer.Ordinal)) return "The camera cannot open uplinks with access tokens.";
        if (tas.MaxAuthorizationServers is null or <= 0) return "The camera takes no authorization servers.";
        if (tas.ConfigurationTypes.Count > 0 && !tas.ConfigurationTypes.Contains("OAuthClientCredentials", StringComparer.Ordinal)) return "The camera cannot get access tokens by client credentials.";
        if (!tas.ClientAuthenticationMethods.Contains("private_key_jwt", StringComparer.Ordinal)) return "The camera cannot authenticate by private_key_jwt.";
        return IsEccKnown(tas) || RsaBitsOf(tas) is not null ? null : "The camera makes no key that is good enough.";
    }

    private static string? OwnLevel(OnvifOptions options, CameraView view)
    {
        var own = view.Uplinks.Where(one => RemoteAddresses.IsOwn(options, one.RemoteAddress)).ToList();
        return own.Count == 0 || own.Any(one => one.IsAdministrator) ? null : "This cloud is no Administrator of the camera.";
    }

    private static string? Uplinks(CameraView view, DeviceConfiguration configuration) =>
        configuration.UplinkConfigurations.Any(uplink => Supports(view, uplink.RemoteAddress)) ? null : "The camera supports none of the uplinks' protocols.";

    // Numbers that the camera does not say are found out when it refuses.
    private static string? Room(CameraView view, DeviceConfiguration configuration, IReadOnlyCollection<string> ofSameCloud)
    {
        var (tup, tas) = (view.UplinkCapabilities, view.SecurityCapabilities);
        var isOneThere = configuration.UplinkConfigurations.Any(uplink => ofSameCloud.Any(one => RemoteAddresses.AreSame(one, uplink.RemoteAddress)));
        if (!isOneThere && tup.MaxUplinks is { } uplinks && view.Uplinks.Count >= uplinks) return "The camera has no uplink left.";
        var servers = configuration.AuthorizationServerConfigurations.Count(wanted => !view.AuthorizationServers.Any(one => IsSame(one, wanted)));
        if (view.AuthorizationServers.Count + servers > tas.MaxAuthorizationServers) return "The camera has no authorization server left.";
        var anchors = MissingAnchors(view, configuration);
        if (tas.MaxCertificates is { } certificates && view.Certificates.Count + anchors > certificates) return "The camera has no room for the trust anchors.";
        var policies = configuration.CertPathValidationPolicies.Count(wanted => !view.Policies.Any(one => one.Alias == wanted.Alias));
        if (tas.MaxPolicies is { } most && view.Policies.Count + policies > most) return "The camera has no room for the certification path validation policies.";
        return tas.MaxKeys is { } keys && view.Keys is { } held && held.Count + anchors + 1 > keys ? "The camera has no room for another key." : null;
    }

    private static bool IsSame(AuthorizationServerEntry one, AuthorizationServerConfiguration wanted) => one.Data.ServerUri == wanted.ServerUri && one.Data.ClientId == wanted.ClientId;
}
