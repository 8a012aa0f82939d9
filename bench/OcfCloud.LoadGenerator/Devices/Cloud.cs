using System.Net;
using System.Text.Json;

namespace OcfCloud.LoadGenerator.Devices;

/// <summary>Where the cloud under test is, by the files of its data directory.</summary>
/// <param name="Coaps">The device door.</param>
/// <param name="Https">The HTTPS door.</param>
/// <param name="Pid">Its process.</param>
/// <param name="PkiFolder">With the device CA.</param>
/// <param name="Bearer">A user's token with the scope <c>mediator</c>.</param>
internal sealed record Cloud(IPEndPoint Coaps, Uri Https, int Pid, string PkiFolder, string Bearer)
{
    /// <summary>What devices see.</summary>
    public string Certificate => Path.Combine(PkiFolder, "cloud.pem");

    /// <summary>What to check it with.</summary>
    public string Anchor => Path.Combine(PkiFolder, "cloud-ca.pem");

    /// <summary>Reads <c>host.json</c>.</summary>
    /// <exception cref="LoadException">No cloud runs there.</exception>
    public static Cloud Of(string dataDirectory, string bearer)
    {
        var path = Path.Combine(dataDirectory, "host.json");
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            var https = new Uri(file.RootElement.GetProperty("https").GetString()!);
            var coaps = new Uri(file.RootElement.GetProperty("coaps").GetString()!);
            var address = IPAddress.Parse(coaps.Host);
            // A door on every address is one on loopback too, which the certificate names.
            if (address.Equals(IPAddress.Any))
                address = IPAddress.Loopback;
            return new Cloud(
                new IPEndPoint(address, coaps.Port),
                new Uri($"https://localhost:{https.Port}/"),
                file.RootElement.GetProperty("pid").GetInt32(),
                Path.Combine(dataDirectory, "pki"),
                bearer);
        }
        catch (Exception e) when (e is IOException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new LoadException($"{path} names no running cloud: {e.Message}", e);
        }
    }
}
