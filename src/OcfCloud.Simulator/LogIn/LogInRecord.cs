namespace OcfCloud.Simulator.LogIn;

/// <summary>What <c>simulator/login.json</c> holds: the tokens of the user who logged in. The file <c>token</c> beside it is the host's to write.</summary>
internal sealed record LogInRecord
{
    /// <summary>The cloud's HTTPS door, as the commands name it.</summary>
    public required string Url { get; init; }

    /// <summary>As whom the simulator asked.</summary>
    public required string ClientId { get; init; }

    /// <summary>The user's bearer token.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Gets the next pair; null where the cloud gave none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>End of the access token.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The log-in with the tokens that came last.</summary>
    public LogInRecord Next(IssuedTokens tokens, TimeProvider time) => this with
    {
        AccessToken = tokens.AccessToken,
        RefreshToken = tokens.RefreshToken ?? RefreshToken,
        ExpiresAt = time.GetUtcNow() + TimeSpan.FromSeconds(tokens.ExpiresIn),
    };
}
