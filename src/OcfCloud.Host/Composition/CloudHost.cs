using System.Diagnostics.CodeAnalysis;
using OcfCloud.Core.Devices;
using OcfCloud.Host.Development;
using OcfCloud.Host.Endpoints;
using OcfCloud.Host.Files;
using OcfCloud.Host.Pki;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>The life of the host: check the settings, take the ports, prepare certificates and store, open the doors, say where they are, stop.</summary>
internal static class CloudHost
{
    /// <summary>Runs the host until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="SettingException">A setting stops the start.</exception>
    public static async Task<int> RunAsync(SettingsSource source, TextWriter output, CancellationToken cancellation)
    {
        source.CheckAll();
        SettingRules.CheckTogether(source);
        using var sockets = ListenSockets.BindAll(source);

        var time = TimeProvider.System;
        var data = new DataFolder(source.Read(CloudSettings.DataDirectory));
        using var alone = TakeData(source, data);
        var certificates = await CloudCertificates.PrepareAsync(source, data, time, cancellation);
        var publicUrl = PublicUrl.Of(source, sockets.Https.Local.Port);

        await using var app = CloudApplication.Build(source, data, sockets, certificates, publicUrl);
        await StoreStart.ApplyMigrationsAsync(app.Services, source, cancellation);
        await app.Services.GetRequiredService<OnlineState>().ClearFormerLifeAsync(cancellation);
        if (source.IsDevelopment)
        {
            await app.Services.GetRequiredService<DemoUser>().EnsureAsync(output, cancellation);
            await app.Services.GetRequiredService<SimulatorClient>().EnsureAsync(cancellation);
            await app.Services.GetRequiredService<ApiPageClient>().EnsureAsync(publicUrl, cancellation);
        }

        await app.StartAsync(cancellation);
        var host = Describe(sockets, publicUrl, certificates.CloudId);
        host.Write(data.HostFile);
        Welcome.Print(output, source, data, host, sockets);
        await app.WaitForShutdownAsync(cancellation);
        File.Delete(data.HostFile);
        return 0;
    }

    private static HostFile Describe(ListenSockets sockets, Uri publicUrl, Guid cloudId) => new(
        sockets.Https.UrlOf("https"),
        sockets.Http.UrlOf("http"),
        sockets.Coaps.UrlOf("coaps+tcp"),
        sockets.Uplink?.UrlOf("https"),
        sockets.MutualTls?.UrlOf("https"),
        publicUrl,
        cloudId.ToString("D"),
        Environment.ProcessId);

    /// <summary>A start sets the sessions of its node offline, and the node's id is in the directory: two hosts on one would undo each other's.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes of the lock.")]
    private static IDisposable TakeData(SettingsSource source, DataFolder data)
    {
        try
        {
            AtomicFile.CreatePrivateFolder(data.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException(CloudSettings.DataDirectory.Key, source.Text(CloudSettings.DataDirectory.Key) ?? CloudSettings.DataDirectory.DefaultText!, "cannot be made or written");
        }

        return FileLock.TryTake(data.HostLock)
            ?? throw new SettingException(CloudSettings.DataDirectory.Key, source.Text(CloudSettings.DataDirectory.Key) ?? CloudSettings.DataDirectory.DefaultText!, "is in use by another host");
    }
}
