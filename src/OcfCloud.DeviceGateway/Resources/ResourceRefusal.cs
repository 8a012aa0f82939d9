using OcfCloud.Core.Devices;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>What is recorded of a refused request beside its answer.</summary>
/// <param name="Reason">One of <see cref="Core.Refusals.RefusalReason"/>.</param>
/// <param name="Device">The device that the request names, where the connection may act for it.</param>
/// <param name="Step">Where it is not the method's: one of <see cref="Core.Refusals.RefusedStep"/>.</param>
internal sealed record ResourceRefusal(string Reason, DeviceId? Device = null, string? Step = null);
