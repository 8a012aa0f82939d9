using System.CommandLine;
using OcfCloud.CloudLinking.LinkedClouds;

namespace OcfCloud.Host.Commands;

/// <summary>What <c>cloud add</c> takes.</summary>
internal sealed class CloudRegistrationOptions(CommandConsole console)
{
    private readonly Argument<string> _name = new("NAME") { Description = "Its name here: lower-case letters, digits and hyphens." };
    private readonly Option<string> _url = new("--url") { Description = "Its base URL; /api/v1/devices is below it.", HelpName = "URL", Required = true };
    private readonly Option<string> _clientId = new("--client-id") { Description = "This cloud's client id there.", HelpName = "ID", Required = true };
    private readonly SecretOptions _secret = new(console, "--client-secret", "client secret", "This cloud's client secret there.");
    private readonly Option<string> _scope = new("--scope") { Description = "What is asked for; default: \"r:* w:* offline_access\", without the last where the cloud has no such scope.", HelpName = "SCOPES" };
    private readonly Option<string> _trust = new("--trust") { Description = "Trust roots for calls to it, beside the system's (PEM).", HelpName = "FILE" };
    private readonly Option<string> _certificate = new("--cert") { Description = "The certificate to show where it asks for one (PEM, leaf first); default: this cloud's own.", HelpName = "FILE" };
    private readonly Option<string> _key = new("--key") { Description = "That certificate's key (PEM); default: in the same file.", HelpName = "FILE" };
    private readonly Option<string> _cloudId = new("--cloud-id") { Description = "Its UUID; default: the one in its certificate's CN, else one made of its URL.", HelpName = "UUID" };
    private readonly Option<string> _authorization = new("--authorization-endpoint") { Description = "For a cloud without a metadata document; with --token-endpoint.", HelpName = "URL" };
    private readonly Option<string> _token = new("--token-endpoint") { Description = "For a cloud without a metadata document; with --authorization-endpoint.", HelpName = "URL" };
    private readonly Option<string> _revocation = new("--revocation-endpoint") { Description = "Where such a cloud revokes tokens.", HelpName = "URL" };

    public IEnumerable<Symbol> Symbols => [_name, _url, _clientId, .. _secret.Options, _scope, _trust, _certificate, _key, _cloudId, _authorization, _token, _revocation];

    /// <summary>What was given.</summary>
    /// <exception cref="UsageException">An option has no value that it can have.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public CloudRegistration Read(ParseResult parsed)
    {
        var id = parsed.GetValue(_cloudId);
        var cloudId = default(Guid);
        if (id is not null && !Guid.TryParseExact(id, "D", out cloudId)) throw new UsageException("--cloud-id is no UUID.");
        return new CloudRegistration(parsed.GetValue(_name)!, parsed.GetValue(_url)!, parsed.GetValue(_clientId)!, _secret.ReadNeeded(parsed))
        {
            Scope = parsed.GetValue(_scope),
            TrustAnchors = TextOf(parsed.GetValue(_trust)),
            ClientCertificate = TextOf(parsed.GetValue(_certificate)),
            ClientKey = TextOf(parsed.GetValue(_key)),
            CloudId = id is null ? null : cloudId,
            AuthorizationEndpoint = parsed.GetValue(_authorization),
            TokenEndpoint = parsed.GetValue(_token),
            RevocationEndpoint = parsed.GetValue(_revocation),
        };
    }

    private static string? TextOf(string? file) => file is null ? null : File.ReadAllText(file);
}
