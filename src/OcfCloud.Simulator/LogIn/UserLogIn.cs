using OcfCloud.Simulator.Certificates;

namespace OcfCloud.Simulator.LogIn;

/// <summary>The token of the user who logged in, always one that is still good.</summary>
internal sealed class UserLogIn(LogInFile file, TimeProvider time)
{
    // What has to remain of the access token.
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromSeconds(30);

    /// <summary>Finds the token for a cloud's door; gets the next one where the end of this is near.</summary>
    /// <returns>Null where nobody logged in there.</returns>
    /// <exception cref="LogInFailedException">The log-in is over, or the cloud does not answer.</exception>
    public async Task<string?> TokenAsync(Uri url, TrustAnchors anchors, CancellationToken cancellationToken)
    {
        if (file.Find(url) is not { } record)
            return null;
        if (record.ExpiresAt > time.GetUtcNow() + RefreshMargin)
            return record.AccessToken;
        if (record.RefreshToken is not { } refreshToken)
            throw Over("its token has expired");
        using var server = await AuthorizationServer.FindAsync(url, anchors, cancellationToken);
        try
        {
            var tokens = await server.RefreshAsync(record.ClientId, refreshToken, cancellationToken);
            file.Keep(record.Next(tokens, time));
            return tokens.AccessToken;
        }
        catch (LogInFailedException e) when (e.Error is not null)
        {
            throw Over(e.Message);
        }
    }

    private static LogInFailedException Over(string why) => new($"Your log-in is over ({why}): log in again, or log out to go on as the user of simulator/token.");
}
