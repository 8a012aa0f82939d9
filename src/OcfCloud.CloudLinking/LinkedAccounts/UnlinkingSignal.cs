using OcfCloud.Core.Events;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>Wakes <see cref="AccountUnlinking"/> in this process: a signal wakes one loop, so this loop has one of its own.</summary>
internal sealed class UnlinkingSignal : WakeSignal;
