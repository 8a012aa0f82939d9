using OcfCloud.Core.Events;

namespace OcfCloud.Onvif.Operation;

/// <summary>Wakes the sender of startDeviceSharing: one is due now.</summary>
internal sealed class RequestSignal : WakeSignal;
