using System.Text.Json.Serialization;
using OcfCloud.Core.Tokens;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.CloudApi.Mediator;

/// <summary>The tokens of a mediator's registration, as it gets them.</summary>
/// <param name="Uid">The user's id, the same for all mediators of a user.</param>
/// <param name="AccessToken">A bearer token for the mediator API alone.</param>
/// <param name="RefreshToken">Gets the next tokens.</param>
/// <param name="ExpiresIn">How long the access token is good, in seconds.</param>
internal sealed record MediatorTokens(
    [property: JsonPropertyName("uid")] string Uid,
    [property: JsonPropertyName("accesstoken")] string AccessToken,
    [property: JsonPropertyName("refreshtoken")] string RefreshToken,
    [property: JsonPropertyName("expiresin")] long ExpiresIn)
{
    /// <summary>The program's name in the tokens where the caller's own has none.</summary>
    private const string DefaultClient = "mediator";

    /// <summary>Joins a refresh token of Core with an access token for this API alone.</summary>
    public static async Task<MediatorTokens> IssueAsync(
        AccessTokens tokens, MediatorRefresh refresh, string userName, string? client, CancellationToken cancellationToken)
    {
        var access = await tokens.IssueAsync(refresh.UserId, userName, client ?? DefaultClient, ScopeSet.MediatorAlone, lifetime: null, cancellationToken);
        return new MediatorTokens(refresh.UserId.ToString(), access.Text, refresh.RefreshToken, (long)access.Lifetime.TotalSeconds);
    }
}
