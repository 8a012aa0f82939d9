namespace OcfCloud.Core.Audit;

/// <summary>What makes refusals alike.</summary>
internal readonly record struct RefusalKey(string Kind, string Actor, string Subject);
