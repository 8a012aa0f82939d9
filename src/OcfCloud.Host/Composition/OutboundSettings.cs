using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Certificates;
using OcfCloud.Core.Outbound;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>The options of outgoing calls from the operator's settings.</summary>
internal static class OutboundSettings
{
    /// <summary>Reads them and the certificates that they name.</summary>
    /// <exception cref="SettingException">A file holds none.</exception>
    public static OutboundOptions Of(SettingsSource source)
    {
        var options = new OutboundOptions
        {
            MaxLookups = source.Read(CloudSettings.OutboundMaxLookups),
            ResolveTimeout = source.Read(CloudSettings.OutboundResolveTimeout),
            ConnectTimeout = source.Read(CloudSettings.OutboundConnectTimeout),
        };
        foreach (var network in source.Read(CloudSettings.OutboundAllowedNetworks)) options.AllowedNetworks.Add(network);
        foreach (var path in source.Read(CloudSettings.OutboundTrustAnchors))
        {
            foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path) : [path]) Import(options.TrustAnchors, file);
        }

        return options;
    }

    private static void Import(X509Certificate2Collection anchors, string file)
    {
        try
        {
            var read = PemBundle.Read(File.ReadAllText(file));
            if (read.Count == 0)
            {
                throw new SettingException(CloudSettings.OutboundTrustAnchors.Key, file, "holds no certificate (PEM)");
            }

            anchors.AddRange(read);
        }
        catch (CryptographicException)
        {
            throw new SettingException(CloudSettings.OutboundTrustAnchors.Key, file, "holds something that is no certificate (PEM)");
        }
    }
}
