using OcfCloud.Simulator.Cameras.Authorization;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>What the uplinks of a camera share.</summary>
/// <param name="Server">Serves their connections.</param>
/// <param name="Dialer">Opens them.</param>
/// <param name="Authorization">Gets their access tokens.</param>
/// <param name="Timing">Waits and limits.</param>
/// <param name="Time">The clock.</param>
internal sealed record UplinkSurroundings(CameraServer Server, UplinkDialer Dialer, AuthorizationClient Authorization, CameraTiming Timing, TimeProvider Time);
