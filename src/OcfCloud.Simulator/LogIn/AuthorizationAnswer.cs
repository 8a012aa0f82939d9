namespace OcfCloud.Simulator.LogIn;

/// <summary>What a browser brings back from the authorization server (RFC 6749, 4.1.2; RFC 9207, 2).</summary>
/// <param name="State">The request's.</param>
/// <param name="Code">To be redeemed.</param>
/// <param name="Issuer">Whose answer it is.</param>
/// <param name="Error">Why there is no code.</param>
/// <param name="ErrorDescription">The same in words.</param>
internal sealed record AuthorizationAnswer(string? State, string? Code, string? Issuer, string? Error, string? ErrorDescription)
{
    /// <summary>Reads a query; null where a parameter comes twice.</summary>
    public static AuthorizationAnswer? Read(string query)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            if (!parameters.TryAdd(Decode(name), Decode(value)))
                return null;
        }

        return new AuthorizationAnswer(
            parameters.GetValueOrDefault("state"),
            parameters.GetValueOrDefault("code"),
            parameters.GetValueOrDefault("iss"),
            parameters.GetValueOrDefault("error"),
            parameters.GetValueOrDefault("error_description"));
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
