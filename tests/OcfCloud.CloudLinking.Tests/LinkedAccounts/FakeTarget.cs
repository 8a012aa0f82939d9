using System.Collections.Concurrent;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudLinking.Tests.LinkedAccounts;

/// <summary>All other clouds, as the ports to them show them: notes what they are asked and answers as the test says.</summary>
internal sealed class FakeTarget : ITargetCalls, ITokenCalls
{
    private readonly ConcurrentQueue<string> _asked = new();

    /// <summary>What was asked, in order: <c>DELETE path</c>, <c>revoke refresh TOKEN</c>, <c>revoke access TOKEN</c>, <c>exchange CODE VERIFIER URI</c>.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>What the answers to the calls were said to speak of.</summary>
    public ConcurrentQueue<TargetSubject> Subjects { get; } = new();

    /// <summary>The accounts of the calls.</summary>
    public ConcurrentQueue<Guid> Accounts { get; } = new();

    /// <summary>What a call is answered; a path it may look at.</summary>
    public Func<TargetRequest, TargetAnswer> Answer { get; set; } = _ => new TargetAnswer(TargetOutcome.Answered) { Status = 202 };

    /// <summary>Whether revocation works.</summary>
    public bool Revokes { get; set; } = true;

    /// <summary>What the exchange of a code gives.</summary>
    public TokenOutcome Tokens { get; set; } = new(new ReceivedTokens("access", "refresh", TimeSpan.FromMinutes(10), null));

    /// <summary>What happens while a code is exchanged.</summary>
    public Func<Task> Exchanging { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited by each call.</summary>
    public Func<Task> Wait { get; set; } = () => Task.CompletedTask;

    public async Task<TargetAnswer> SendAsync(Guid account, TargetRequest request, CancellationToken cancellationToken)
    {
        _asked.Enqueue($"{request.Method} {request.Path}");
        Accounts.Enqueue(account);
        Subjects.Enqueue(request.Subject);
        await Wait().WaitAsync(cancellationToken);
        return Answer(request);
    }

    public ValueTask<Guid?> FindAccountAsync(UserId user, Guid linkedCloud, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<TokenOutcome> ExchangeCodeAsync(LinkedCloud cloud, string code, string verifier, string redirectUri, CancellationToken cancellationToken)
    {
        _asked.Enqueue($"exchange {code} {verifier} {redirectUri}");
        await Exchanging();
        return Tokens;
    }

    public Task<TokenOutcome> RefreshAsync(LinkedCloud cloud, string refreshToken, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RevokeAsync(LinkedCloud cloud, string token, bool isRefreshToken, CancellationToken cancellationToken)
    {
        _asked.Enqueue($"revoke {(isRefreshToken ? "refresh" : "access")} {token}");
        return Task.FromResult(Revokes);
    }
}
