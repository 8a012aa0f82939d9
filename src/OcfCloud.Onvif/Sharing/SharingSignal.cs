using OcfCloud.Core.Events;

namespace OcfCloud.Onvif.Sharing;

/// <summary>Wakes the work on shares: one is due now.</summary>
internal sealed class SharingSignal : WakeSignal;
