namespace OcfCloud.Core.Events;

/// <summary>Wakes the dispatcher of this process when a transaction with events was committed in it.</summary>
internal sealed class OutboxSignal : WakeSignal;
