using System.Net.Security;
using System.Runtime.InteropServices;

namespace OcfCloud.Core.Certificates;

/// <summary>
/// The sessions of one door that peers may resume. They are kept here, in memory, and not with the peers in tickets: what OpenSSL 3.0 spends on a ticket, and on the certificate in
/// it, is most of what resuming saves, and devices in the field use none. A session holds the chain that its peer sent, so its door decides which are kept (<see cref="Forget"/>);
/// OpenSSL itself keeps 20,480 at most, for five minutes.
/// </summary>
public sealed class TlsSessions : IDisposable
{
    // ssl.h
    private const int SessionCount = 20;
    private const int CacheMode = 44;
    private const ulong NoTickets = 1UL << 14;

    private readonly Lock _lock = new();
    private nint _context;
    private bool _isOver;

    /// <summary>Whether sessions can be forgotten here. Where not, a door must not let any be resumed: strangers could fill the memory.</summary>
    public static bool IsSupported => OpenSsl.IsSupported;

    /// <summary>How many are kept.</summary>
    public long Count
    {
        get
        {
            lock (_lock) return _context == 0 ? 0 : OpenSsl.SSL_CTX_ctrl(_context, SessionCount, 0, 0);
        }
    }

    /// <summary>Says how the door's sessions are kept, the first time that it is called: .NET makes what they are kept in with the first handshake.</summary>
    /// <param name="tls">A connection of the door that has shaken hands.</param>
    public void Begin(SslStream tls)
    {
        if (Volatile.Read(ref _context) != 0 || OpenSsl.HandleOf(tls) is not { } handle) return;
        lock (_lock)
        {
            if (_context != 0 || _isOver) return;
            var context = OpenSsl.SSL_get_SSL_CTX(handle);
            _ = OpenSsl.SSL_CTX_up_ref(context);
            _ = OpenSsl.SSL_CTX_set_options(context, NoTickets);
            // One is what comes back; in TLS 1.3 each would be a session of its own, of which a connection knows the last alone.
            _ = OpenSsl.SSL_CTX_set_num_tickets(context, 1);
            Volatile.Write(ref _context, context);
        }
    }

    /// <summary>Keeps the session of a connection no longer.</summary>
    /// <param name="tls">A connection that has shaken hands, and is not disposed of meanwhile.</param>
    public static void Forget(SslStream tls)
    {
        if (OpenSsl.HandleOf(tls) is not { } handle) return;
        var session = OpenSsl.SSL_get_session(handle);
        if (session != 0) _ = OpenSsl.SSL_CTX_remove_session(OpenSsl.SSL_get_SSL_CTX(handle), session);
    }

    /// <summary>Keeps none any more: .NET itself holds on to what a door no longer uses.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            if (_context == 0) return;
            _ = OpenSsl.SSL_CTX_ctrl(_context, CacheMode, 0, 0);
            OpenSsl.SSL_CTX_flush_sessions(_context, new CLong(0));
            OpenSsl.SSL_CTX_free(_context);
            _context = 0;
        }
    }
}
