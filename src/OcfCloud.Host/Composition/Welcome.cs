using OcfCloud.Host.Endpoints;
using OcfCloud.Host.Files;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>What is printed once the doors are open: where everything is and what to try next.</summary>
internal static class Welcome
{
    public static void Print(TextWriter output, SettingsSource source, DataFolder data, HostFile host, ListenSockets sockets)
    {
        output.WriteLine($"https {host.Https}");
        output.WriteLine($"http {host.Http}");
        output.WriteLine($"coaps {host.Coaps}");
        if (host.Uplink is { } uplink)
        {
            output.WriteLine($"uplink {uplink}");
        }

        if (host.MutualTls is { } mutualTls)
        {
            output.WriteLine($"mutualTls {mutualTls}");
        }

        output.WriteLine();
        var open = new[] { ("https", sockets.Https), ("http", sockets.Http), ("coaps", sockets.Coaps), ("uplink", sockets.Uplink), ("mutualTls", sockets.MutualTls) }
            .Where(door => door.Item2?.IsOnEveryAddress == true)
            .Select(door => door.Item1)
            .ToArray();
        if (open.Length > 0)
        {
            output.WriteLine($"On every address of this machine: {string.Join(", ", open)}");
        }

        output.WriteLine($"Public URL: {PublicUrl.Written(host.PublicUrl!)}");
        output.WriteLine($"Cloud id:   {host.Sid}");
        output.WriteLine($"Data:       {data.Path} ({source.Read(CloudSettings.Provider)})");
        if (source.IsDevelopment)
        {
            output.WriteLine($"Trust:      {Path.Combine(data.Pki, "cloud-ca.pem")}");
            PrintNext(output, data);
        }

        output.Flush();
    }

    private static void PrintNext(TextWriter output, DataFolder data)
    {
        // Both programs look into ./data by themselves.
        var isUsual = data.Path == Path.GetFullPath("data");
        var simulator = isUsual ? "" : $" --data {data.Path}";
        var host = isUsual ? "" : $" --{CloudSettings.DataDirectory.Key}={data.Path}";
        output.WriteLine();
        output.WriteLine("Try next, in another shell:");
        output.WriteLine($"  dotnet run --project src/OcfCloud.Simulator -- device light --count 2{simulator}");
        output.WriteLine($"  dotnet run --project src/OcfCloud.Simulator -- client discover{simulator}");
        output.WriteLine($"  dotnet run --project src/OcfCloud.Host -- device list{host}");
    }
}
