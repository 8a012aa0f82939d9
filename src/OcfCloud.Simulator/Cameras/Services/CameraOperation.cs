using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>An operation of a service.</summary>
/// <param name="Access">Who may call it.</param>
/// <param name="Carry">Does it and says what the response element holds; it throws a <see cref="SoapFaultException"/> for what it refuses.</param>
internal sealed record CameraOperation(AccessClass Access, Func<ElementReader, CameraCaller, IEnumerable<object?>> Carry);
