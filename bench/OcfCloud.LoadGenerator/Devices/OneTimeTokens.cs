using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace OcfCloud.LoadGenerator.Devices;

/// <summary>Gets the one-time tokens that register devices (<c>POST /mediator/v1/device-tokens</c>).</summary>
internal sealed class OneTimeTokens : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Asks for the user of a bearer token.</summary>
    /// <param name="cloud">The HTTPS door.</param>
    /// <param name="anchor">Who is believed, a PEM file.</param>
    /// <param name="bearer">The user's token.</param>
    public OneTimeTokens(Uri cloud, string anchor, string bearer)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.ImportFromPemFile(anchor);
        _http = new(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } })
        {
            BaseAddress = cloud,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
    }

    /// <summary>A token for a device.</summary>
    /// <exception cref="LoadException">The cloud refused.</exception>
    public async Task<string> GetAsync(Guid device, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync("mediator/v1/device-tokens", new { di = device.ToString("D") }, cancellationToken);
            if (!answer.IsSuccessStatusCode)
                throw new LoadException($"no one-time token: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return body.GetProperty("at").GetString()!;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw new LoadException($"no one-time token: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
