using System.Net.Security;
using System.Runtime.InteropServices;

namespace OcfCloud.Core.Certificates;

/// <summary>
/// The sessions of one door that peers may resume. They are kept here, in memory, and not with the peers in tickets: what OpenSSL 3.0 spends on a ticket, and on the certificate in
/// it, is most of what resuming saves, and devices in the field use none. OpenSSL would keep each session with the chain that came, before anybody has looked at the certificate, and
/// also of peers who are gone by then: so it keeps none by itself, and the door says which (<see cref="Keep"/>). They are kept for two hours (OpenSSL's time).
/// </summary>
/// <remarks>.NET makes the place of the sessions in the first handshake, and until that is over OpenSSL does keep by itself: the host's System.Net.Security.TlsCacheSize bounds it.</remarks>
public sealed class TlsSessions : IDisposable
{
    // ssl.h
    private const int SessionCount = 20;
    private const int CacheSize = 42;
    private const int CacheMode = 44;
    private const int Tls13 = 0x304;
    private const nint Off = 0, ServerWithoutStoring = 0x002 | 0x200;
    private const ulong NoTickets = 1UL << 14;

    private const int MaxSessions = 20_480;

    private readonly Lock _lock = new();
    private nint _context;
    private bool _isOver;

    /// <summary>Whether the door has a say here. Where not, it must not let any be resumed: strangers could fill the memory.</summary>
    public static bool IsSupported => OpenSsl.IsSupported;

    /// <summary>How many are kept.</summary>
    public long Count
    {
        get
        {
            lock (_lock) return _context == 0 ? 0 : OpenSsl.SSL_CTX_ctrl(_context, SessionCount, 0, 0);
        }
    }

    /// <summary>Says how sessions are kept where those of this connection are: .NET makes that place with the first handshake, and may make another one later.</summary>
    /// <param name="tls">A connection of the door that has shaken hands.</param>
    public void Begin(SslStream tls)
    {
        if (OpenSsl.HandleOf(tls) is not { } handle) return;
        var context = OpenSsl.SSL_get_SSL_CTX(handle);
        if (Volatile.Read(ref _context) == context) return;
        lock (_lock)
        {
            if (_context == context || _isOver) return;
            Release();
            _ = OpenSsl.SSL_CTX_up_ref(context);
            _ = OpenSsl.SSL_CTX_ctrl(context, CacheMode, ServerWithoutStoring, 0);
            _ = OpenSsl.SSL_CTX_ctrl(context, CacheSize, MaxSessions, 0);
            // One comes back: in TLS 1.3 each would be a session of its own, of which a connection knows the last alone.
            _ = OpenSsl.SSL_CTX_set_num_tickets(context, 1);
            _ = OpenSsl.SSL_CTX_set_options(context, NoTickets);
            OpenSsl.SSL_CTX_flush_sessions(context, new CLong(0));
            Volatile.Write(ref _context, context);
        }
    }

    /// <summary>Keeps the session of a connection whose peer may come back with it.</summary>
    /// <param name="tls">A connection that has shaken hands and for which <see cref="Begin"/> was called, and that is not disposed of meanwhile.</param>
    public void Keep(SslStream tls)
    {
        if (OpenSsl.HandleOf(tls) is not { } handle) return;
        // RFC 5246, 7.3: a resumed one is the session of other connections too. It is here already, or one of them had it removed, and then it must not come back. That of TLS 1.3 is new.
        if (OpenSsl.SSL_session_reused(handle) != 0 && OpenSsl.SSL_version(handle) < Tls13) return;
        var session = OpenSsl.SSL_get_session(handle);
        if (session == 0 || OpenSsl.SSL_SESSION_is_resumable(session) == 0) return;
        // One without an id, which could not be asked for, is in a ticket of the time before the beginning.
        _ = OpenSsl.SSL_SESSION_get_id(session, out var length);
        if (length == 0) return;
        lock (_lock)
        {
            if (OpenSsl.SSL_get_SSL_CTX(handle) == _context) _ = OpenSsl.SSL_CTX_add_session(_context, session);
        }
    }

    /// <summary>Keeps none any more: .NET itself holds on to what a door no longer uses.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            Release();
        }
    }

    private void Release()
    {
        if (_context == 0) return;
        _ = OpenSsl.SSL_CTX_ctrl(_context, CacheMode, Off, 0);
        OpenSsl.SSL_CTX_flush_sessions(_context, new CLong(0));
        OpenSsl.SSL_CTX_free(_context);
        Volatile.Write(ref _context, 0);
    }
}
