namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>Who calls a camera.</summary>
/// <param name="Camera">The camera that is called.</param>
/// <param name="UserLevel">What the caller may do.</param>
/// <param name="IsOwnCloud">The cloud that enrolled the camera, or somebody on the camera's own network.</param>
/// <param name="Drop">Cuts the connection off.</param>
internal sealed record CameraCaller(SimulatedCamera Camera, string UserLevel, bool IsOwnCloud, Action Drop);
