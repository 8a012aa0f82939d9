using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>What an administrator may say of a cloud.</summary>
internal static class RegistrationRules
{
    private const int MaxUrlLength = 1024;
    private const int MaxCredentialLength = 1024;
    private const int MaxScopeLength = 1024;
    private const int MaxPemLength = 256 * 1024;

    /// <summary>Why a registration is refused, one sentence; null: it is not.</summary>
    public static string? RefusalOf(CloudRegistration registration)
    {
        if (!IsName(registration.Name)) return $"A name has 1 to {LinkedCloud.MaxNameLength} lower-case letters, digits and hyphens.";
        if (registration.Url.Length > MaxUrlLength || !CloudMetadata.IsHttps(registration.Url) || new Uri(registration.Url).Query.Length > 0)
            return "The URL is no https URL (https://host:port/path), or not in ASCII (xn--…, %…).";
        if (!IsCredential(registration.ClientId)) return $"A client id has 1 to {MaxCredentialLength} visible ASCII characters.";
        if (!IsCredential(registration.ClientSecret)) return $"A client secret has 1 to {MaxCredentialLength} visible ASCII characters.";
        if (registration.Scope is { } scope && !IsScope(scope)) return "Scopes are separated by single spaces.";
        return EndpointRefusal(registration) ?? CertificateRefusal(registration);
    }

    /// <summary>Base URL as it is kept.</summary>
    public static string UrlOf(CloudRegistration registration) => new Uri(registration.Url).GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>The certificates of a PEM text that passed <see cref="RefusalOf"/> as they are kept, and nothing else of it: a file often holds the private key too.</summary>
    public static string? CertificatesOf(string? pem)
    {
        if (pem is null) return null;
        var read = new X509Certificate2Collection();
        read.ImportFromPem(pem);
        return read.ExportCertificatePems();
    }

    public static bool IsName(string name) => name.Length is > 0 and <= LinkedCloud.MaxNameLength && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    // RFC 6749, A.1 and A.2.
    private static bool IsCredential(string text) => text.Length is > 0 and <= MaxCredentialLength && text.All(c => c is >= ' ' and <= '~');

    // RFC 6749, A.4.
    private static bool IsScope(string text) =>
        text.Length is > 0 and <= MaxScopeLength && text.Split(' ').All(scope => scope.Length > 0 && scope.All(c => c is > ' ' and <= '~' and not ('"' or '\\')));

    private static string? EndpointRefusal(CloudRegistration registration)
    {
        if (registration.AuthorizationEndpoint is null != registration.TokenEndpoint is null)
            return "The authorization endpoint and the token endpoint are given together, or neither is.";
        if (registration.TokenEndpoint is null && registration.RevocationEndpoint is not null) return "A revocation endpoint is given with the other endpoints, or not at all.";
        string?[] endpoints = [registration.AuthorizationEndpoint, registration.TokenEndpoint, registration.RevocationEndpoint];
        return endpoints.Any(endpoint => endpoint is not null && !CloudMetadata.IsHttps(endpoint)) ? "An endpoint is no https URL, or not in ASCII (xn--…, %…)." : null;
    }

    private static string? CertificateRefusal(CloudRegistration registration)
    {
        if (registration.TrustAnchors is { } anchors && !HasCertificates(anchors)) return "The trust roots hold something that is no certificate, or none (PEM).";
        if (registration.ClientCertificate is not { } certificate)
            return registration.ClientKey is null ? null : "There is a key, but no client certificate.";
        try
        {
            _ = TargetPipeline.ClientCertificateOf(certificate, registration.ClientKey ?? certificate);
            return certificate.Length > MaxPemLength ? "The client certificate is too large." : null;
        }
        catch (CryptographicException)
        {
            return "The client certificate and its key are not of one another, or no PEM.";
        }
    }

    private static bool HasCertificates(string pem)
    {
        var read = new X509Certificate2Collection();
        try
        {
            if (pem.Length <= MaxPemLength) read.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return false;
        }

        return read.Count > 0;
    }
}
