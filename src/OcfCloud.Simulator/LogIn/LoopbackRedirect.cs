using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OcfCloud.Simulator.LogIn;

/// <summary>The redirect URI of a program on the user's own machine (RFC 8252, 7.3): a free port of the loopback address, for one answer.</summary>
internal sealed class LoopbackRedirect : IDisposable
{
    private const string Path = "/callback";
    private const int MaxHead = 16 * 1024;
    private const int MaxConnections = 16;
    private static readonly TimeSpan ConnectionLimit = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TimeProvider _time;

    /// <summary>Takes a port.</summary>
    public LoopbackRedirect(TimeProvider time)
    {
        _time = time;
        _listener.Start();
        Uri = new Uri($"http://{_listener.LocalEndpoint}{Path}");
    }

    /// <summary>Where the browser is to be sent.</summary>
    public Uri Uri { get; }

    /// <summary>Waits for the answer.</summary>
    /// <param name="belongs">Whether an answer is the one that is waited for; others are told so and change nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AuthorizationAnswer> ReceiveAsync(Func<AuthorizationAnswer, bool> belongs, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<AuthorizationAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepting = AcceptAsync(belongs, found, stop.Token);
        try
        {
            await await Task.WhenAny(found.Task, accepting);
            return await found.Task;
        }
        finally
        {
            await stop.CancelAsync();
            await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    // Browsers open connections that they send nothing on: each is served beside the others.
    private async Task AcceptAsync(Func<AuthorizationAnswer, bool> belongs, TaskCompletionSource<AuthorizationAnswer> found, CancellationToken stop)
    {
        using var free = new SemaphoreSlim(MaxConnections);
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                await free.WaitAsync(stop);
                var connection = await _listener.AcceptTcpClientAsync(stop);
                serving.RemoveAll(task => task.IsCompleted);
                serving.Add(ServeAndReleaseAsync(connection, free, belongs, found, stop));
            }
        }
        finally
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAndReleaseAsync(
        TcpClient connection, SemaphoreSlim free, Func<AuthorizationAnswer, bool> belongs, TaskCompletionSource<AuthorizationAnswer> found, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(ConnectionLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            using (connection)
            {
                await using var stream = connection.GetStream();
                var answer = AnswerOf(await ReadRequestLineAsync(stream, either.Token));
                var isOurs = answer is not null && belongs(answer);
                var text = answer is null ? "There is nothing here."
                    : !isOurs ? "This answer belongs to another log-in and was not used."
                    : answer.Error is not null ? "You were not logged in. The simulator says why; you may close this page."
                    : "Back to the simulator, which goes on by itself. You may close this page.";
                await stream.WriteAsync(Page(answer is null ? "404 Not Found" : isOurs ? "200 OK" : "400 Bad Request", text), either.Token);
                if (isOurs)
                    found.TrySetResult(answer!);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // A browser that went away; it may come again.
        }
        finally
        {
            free.Release();
        }
    }

    private static AuthorizationAnswer? AnswerOf(string requestLine)
    {
        const string start = "GET " + Path + "?";
        return requestLine.StartsWith(start, StringComparison.Ordinal) && requestLine.Split(' ') is [_, var target, _]
            ? AuthorizationAnswer.Read(target[(Path.Length + 1)..])
            : null;
    }

    // RFC 9112, 3. The headers are read too: a connection that is closed with bytes unread is reset, and its answer lost.
    private static async Task<string> ReadRequestLineAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[MaxHead];
        var length = 0;
        while (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), cancellationToken);
            if (read == 0)
                throw new IOException("The request ended early or is too long.");
            length += read;
        }

        return Encoding.ASCII.GetString(head, 0, head.AsSpan(0, length).IndexOf("\r\n"u8));
    }

    private static byte[] Page(string status, string text)
    {
        var body = $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>OcfCloud simulator</title><p>{text}</p></html>\n";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {body.Length}\r\nContent-Security-Policy: default-src 'none'\r\n"
            + $"Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{body}");
    }
}
