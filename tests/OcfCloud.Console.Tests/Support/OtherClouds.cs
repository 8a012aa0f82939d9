using System.Collections.Concurrent;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;

namespace OcfCloud.Console.Tests.Support;

/// <summary>The other clouds' token endpoints, as the port to them shows them: where there is a peer, its real one, else what the test says.</summary>
internal sealed class OtherClouds : ITokenCalls, ITargetCalls
{
    private readonly ConcurrentQueue<string> _exchanged = new();

    /// <summary>The codes that were exchanged.</summary>
    public IReadOnlyList<string> Exchanged => [.. _exchanged];

    /// <summary>This cloud as the other one's real authorization server knows it.</summary>
    public OAuthPeer? Peer { get; set; }

    /// <summary>What the exchange gives without a peer.</summary>
    public TokenOutcome Tokens { get; set; } = new(new ReceivedTokens("access", "refresh", null, null));

    public async Task<TokenOutcome> ExchangeCodeAsync(LinkedCloud cloud, string code, string verifier, string redirectUri, CancellationToken cancellationToken)
    {
        _exchanged.Enqueue(code);
        if (Peer is null) return Tokens;
        var answer = await Peer.RedeemAsync(code, ("code_verifier", verifier), ("redirect_uri", redirectUri));
        return answer.Error is null ? new TokenOutcome(new ReceivedTokens(answer.AccessToken, answer.RefreshToken, null, null)) : new TokenOutcome(Tokens: null) { Error = answer.Error };
    }

    public Task<TokenOutcome> RefreshAsync(LinkedCloud cloud, string refreshToken, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RevokeAsync(LinkedCloud cloud, string token, bool isRefreshToken, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TargetAnswer> SendAsync(Guid account, TargetRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Guid?> FindAccountAsync(UserId user, Guid linkedCloud, CancellationToken cancellationToken) => throw new NotSupportedException();
}
