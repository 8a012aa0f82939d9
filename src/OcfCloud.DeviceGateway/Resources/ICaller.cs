using System.Net;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Connections;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>Who asks a resource of the cloud: a connection and what it is bound to.</summary>
internal interface ICaller
{
    /// <summary>The authorised session; null before the sign-in and after the sign-out.</summary>
    DeviceSession? Session { get; }

    /// <summary>Where the peer connects from, as far as limits go: its address, or its network of IPv6.</summary>
    IPAddress Network { get; }

    /// <summary>The endpoint that the peer is connected to, <c>coaps+tcp://address:port</c>; an IPv4-mapped address is written as IPv4.</summary>
    string LocalEndpoint { get; }

    /// <summary>The largest message that the peer takes, in bytes.</summary>
    int MaxMessageSize { get; }

    /// <summary>Cancelled when the connection ended or is about to.</summary>
    CancellationToken Ended { get; }

    /// <summary>Whether this device may act here: the certificate names no other, and neither does an earlier sign-up or sign-in (device-to-cloud.md, 1 and 3).</summary>
    bool MayActFor(DeviceId device);

    /// <summary>Whether this user may act here: no earlier sign-up or sign-in was another's.</summary>
    bool MayActFor(UserId user);

    /// <summary>A sign-up succeeded: the connection is the device's from now on. A session that it had is over, without a sign-out.</summary>
    void Bind(UserId user, DeviceId device);

    /// <summary>A sign-in succeeded: the device is online by this connection, an older one is told Release and closed.</summary>
    /// <returns>False: a later sign-in won meanwhile (4.01).</returns>
    bool BeginSession(UserId user, DeviceId device, SignInOutcome signIn);

    /// <summary>The session is over, the connection stays: the device is offline.</summary>
    void EndSession();

    /// <summary>A refresh on a live session moves its end; null = never.</summary>
    void ExtendSession(DateTimeOffset? expires);

    /// <summary>Sends a notification, whole or blockwise.</summary>
    /// <param name="notification">With its token and Observe option.</param>
    /// <param name="request">The registration, for its token, its options and how the answer has to be cut.</param>
    NotifyOutcome TryNotify(CoapMessage notification, CoapMessage request);

    /// <summary>Keeps an observation under the token of its registration, in place of one with the same token. It is disposed when it is cancelled or the session or the
    /// connection ends, outside of all locks that <see cref="TryNotify"/> takes.</summary>
    /// <returns>False: the connection has as many as it may have (RFC 7641, 4.1: then the answer is a plain one).</returns>
    bool TryAddObservation(CoapToken token, IDisposable observation);

    /// <summary>Ends an observation.</summary>
    /// <returns>Whether there was one.</returns>
    bool RemoveObservation(CoapToken token);

    /// <summary>Forgets an observation that ended by itself, unless another one has its token meanwhile.</summary>
    void ForgetObservation(CoapToken token, IDisposable observation);

    /// <summary>Whether the device's links changed by its publishing: its twin looks at them.</summary>
    void Published();
}
