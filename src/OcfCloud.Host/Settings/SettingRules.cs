using Npgsql;
using OcfCloud.Core.Storage;

namespace OcfCloud.Host.Settings;

/// <summary>Settings that need or exclude one another.</summary>
internal static class SettingRules
{
    /// <summary>Checks all of them.</summary>
    /// <exception cref="SettingException">Two settings do not go together.</exception>
    public static void CheckTogether(SettingsSource source)
    {
        if (source.Read(CloudSettings.Authority) is not null && source.Read(CloudSettings.Audience) is null)
        {
            throw new SettingException(CloudSettings.Audience.Key, $"is not set, but {CloudSettings.Authority.Key} is");
        }

        if (source.Read(CloudSettings.Authority) is not null && source.Read(CloudSettings.AllowRegistration))
        {
            // A claim of the authority is a user's name here: whoever made that account first would share it.
            throw SettingException.Refused(CloudSettings.AllowRegistration, source, $"is not allowed while {CloudSettings.Authority.Key} is set");
        }

        if (source.Read(CloudSettings.MutualTls) is not null && source.Read(CloudSettings.PeerTrustAnchors).Count == 0)
        {
            throw new SettingException(CloudSettings.PeerTrustAnchors.Key, $"is not set, but {CloudSettings.MutualTls.Key} is");
        }

        if (source.Read(CloudSettings.AllowWithoutCertificate) && !source.IsDevelopment)
        {
            throw SettingException.Refused(CloudSettings.AllowWithoutCertificate, source, "is for Development alone");
        }

        if (source.Read(CloudSettings.AccessTokenLifetime) > source.Read(CloudSettings.SigningKeyLifetime))
        {
            throw SettingException.Refused(CloudSettings.AccessTokenLifetime, source, $"is longer than {CloudSettings.SigningKeyLifetime.Key}");
        }

        if (source.Read(CloudSettings.NodeLeaseRenewal) >= source.Read(CloudSettings.NodeLease))
        {
            throw SettingException.Refused(CloudSettings.NodeLeaseRenewal, source, $"is not shorter than {CloudSettings.NodeLease.Key}");
        }

        if (source.Read(CloudSettings.RetryFirst) > source.Read(CloudSettings.RetryMax))
        {
            throw SettingException.Refused(CloudSettings.RetryFirst, source, $"is longer than {CloudSettings.RetryMax.Key}");
        }

        CheckStore(source);
    }

    /// <summary>Checks those of the store.</summary>
    /// <exception cref="SettingException">The store cannot be found by what is set.</exception>
    public static void CheckStore(SettingsSource source)
    {
        if (source.Read(CloudSettings.Provider) != StoreProvider.PostgreSql)
        {
            return;
        }

        if (source.Read(CloudSettings.ConnectionString) is not { } connection)
        {
            throw new SettingException(CloudSettings.ConnectionString.Key, $"is not set, but {CloudSettings.Provider.Key} is \"{source.Text(CloudSettings.Provider.Key)}\"");
        }

        try
        {
            _ = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // Not the value: it holds the password.
            throw new SettingException(CloudSettings.ConnectionString.Key, "is no connection string (Host=…;Database=…;Username=…;Password=…)");
        }
    }
}
