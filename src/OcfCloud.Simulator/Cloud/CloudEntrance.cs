using System.Text.Json.Nodes;
using OcfCloud.Simulator.Serving;

namespace OcfCloud.Simulator.Cloud;

/// <summary>
/// One attempt to get into the cloud that a configuration names.
/// <code>
/// dial ─► no tokens: sign-up ─► redirected: another attempt, there
///      └► tokens: (run out: refresh) ─► sign-in ─► 4.01: refresh ─► sign-in ─► session
/// </code>
/// </summary>
/// <param name="deviceId">Who enters.</param>
/// <param name="configuration">Which cloud, and what is kept of it.</param>
/// <param name="dialer">Opens connections.</param>
/// <param name="server">Answers what is routed to the device.</param>
/// <param name="timing">Limits.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Gets each step, for people.</param>
internal sealed class CloudEntrance(
    Guid deviceId, CloudConfiguration configuration, ICloudDialer dialer, ResourceServer server, CloudTiming timing, TimeProvider time, Action<string> tell)
{
    /// <summary>Enters.</summary>
    /// <param name="generation">The configuration that it is for.</param>
    /// <param name="attempts">Attempts before this one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<CloudEntry> EnterAsync(long generation, int attempts, CancellationToken cancellationToken)
    {
        var record = configuration.Current;
        if (record.Tokens is null)
            configuration.Registering(generation);
        CloudSession? session = null;
        try
        {
            session = await OpenAsync(record, timing.AnswerTimeoutAfter(attempts), cancellationToken);
            var entry = record.Tokens is { } tokens
                ? await SignInAsync(session, generation, tokens, cancellationToken)
                : await SignUpAsync(session, generation, record, cancellationToken);
            if (entry.Session is not null)
                session = null; // the caller's from now on
            return entry;
        }
        catch (CloudUnreachableException e)
        {
            return Trouble(CloudError.NoConnection, isFinal: e.IsAnotherCloud && record.Tokens is null, e.Message);
        }
        finally
        {
            if (session is not null)
                await session.DisposeAsync();
        }
    }

    /// <summary>Opens a connection without signing in.</summary>
    /// <exception cref="CloudUnreachableException">No connection, or another cloud.</exception>
    public async Task<CloudSession> OpenAsync(CloudRecord record, TimeSpan answerTimeout, CancellationToken cancellationToken)
    {
        if (!CoapsAddress.TryParse(record.Cis, out var address) || record.Sid is not { } cloudId)
            throw new CloudUnreachableException("no cloud is named");
        var stream = await dialer.DialAsync(address, cloudId, cancellationToken);
        return CloudSession.Open(stream, deviceId, server, answerTimeout, time);
    }

    /// <summary>Gets new tokens on an open connection and keeps them.</summary>
    /// <returns>The tokens, or why there are none; 4.01 is final.</returns>
    /// <exception cref="CloudUnreachableException">No answer.</exception>
    public async Task<(CloudTokens? Tokens, CloudTrouble? Trouble)> RefreshAsync(
        CloudSession session, long generation, CloudTokens tokens, CancellationToken cancellationToken)
    {
        var reply = await session.RefreshAsync(tokens, cancellationToken);
        if (!reply.IsSuccess)
        {
            return (null, reply.IsUnauthorized
                ? new CloudTrouble(CloudError.RefreshRefused, IsFinal: true, $"the cloud refused to refresh the access token: {reply}")
                : new CloudTrouble(CloudError.ErrorAnswer, IsFinal: false, $"the cloud did not refresh the access token: {reply}"));
        }

        if (CloudTokens.From(reply.Body, tokens.UserId, time.GetUtcNow()) is not { } next)
            return (null, new CloudTrouble(CloudError.Unknown, IsFinal: false, "the cloud's answer to the refresh cannot be understood"));
        configuration.Refreshed(generation, next);
        tell("refreshed its access token");
        return (next, null);
    }

    private async Task<CloudEntry> SignUpAsync(CloudSession session, long generation, CloudRecord record, CancellationToken cancellationToken)
    {
        if (record.At is not { } oneTimeToken)
            return Trouble(CloudError.Unknown, isFinal: true, "no one-time token is there to register with");
        var reply = await session.SignUpAsync(oneTimeToken, record.Apn, cancellationToken);
        if (!reply.IsSuccess)
            return Trouble(CloudError.ErrorAnswer, isFinal: !reply.MayPass, $"the cloud did not register the device: {reply}");
        if (CloudTokens.From(reply.Body, userId: null, time.GetUtcNow()) is not { } tokens)
            return Trouble(CloudError.Unknown, isFinal: true, "the cloud's answer to the sign-up cannot be understood");

        var redirect = RedirectOf(reply, record.Cis);
        configuration.Registered(generation, tokens, redirect);
        tell($"registered at {record.Cis} for the user {tokens.UserId}");
        if (redirect is null)
            return await SignInAsync(session, generation, tokens, cancellationToken);
        tell($"redirected to {redirect}");
        return CloudEntry.Redirected;
    }

    private async Task<CloudEntry> SignInAsync(CloudSession session, long generation, CloudTokens tokens, CancellationToken cancellationToken)
    {
        var isFresh = false;
        if (tokens.ExpiresAt <= time.GetUtcNow() + timing.RefreshMargin)
        {
            var (refreshed, trouble) = await RefreshAsync(session, generation, tokens, cancellationToken);
            if (refreshed is null)
                return new CloudEntry(null, trouble);
            (tokens, isFresh) = (refreshed, true);
        }

        var reply = await session.SignInAsync(tokens, cancellationToken);
        if (reply.IsUnauthorized && !isFresh)
        {
            var (refreshed, trouble) = await RefreshAsync(session, generation, tokens, cancellationToken);
            if (refreshed is null)
                return new CloudEntry(null, trouble);
            reply = await session.SignInAsync(refreshed, cancellationToken);
        }

        if (!reply.IsSuccess)
            return Trouble(CloudError.ErrorAnswer, isFinal: false, $"the cloud did not take the sign-in: {reply}");
        configuration.SignedIn(generation);
        tell("signed in: online");
        return new CloudEntry(session, null);
    }

    private static CloudEntry Trouble(CloudError error, bool isFinal, string message) => new(null, new CloudTrouble(error, isFinal, message));

    private static string? RedirectOf(CloudReply reply, string? current) =>
        reply.Body["redirecturi"] is JsonValue value && value.TryGetValue(out string? text)
            && CoapsAddress.TryParse(text, out var target) && (!CoapsAddress.TryParse(current, out var now) || now != target)
            ? text
            : null;
}
