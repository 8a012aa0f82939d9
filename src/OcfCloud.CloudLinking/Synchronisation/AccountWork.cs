using OcfCloud.Core.Events;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Wakes whoever works on linked accounts in this process: an account was linked or unlinked, an event came in, a resource is observed. Other nodes find it by
/// <see cref="LinkedAccounts.LinkedAccount.DueAt"/> and the inbox within a second.</summary>
internal sealed class AccountWork : WakeSignal;
