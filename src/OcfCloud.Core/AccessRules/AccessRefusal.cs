using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>A refusal that was recorded.</summary>
/// <param name="At">When.</param>
/// <param name="Subject">Who asked: a device id or a client id.</param>
/// <param name="Device">On which device.</param>
/// <param name="Href">On which path.</param>
/// <param name="Operations">For what.</param>
public sealed record AccessRefusal(DateTimeOffset At, string Subject, DeviceId Device, string Href, AccessOperations Operations);
