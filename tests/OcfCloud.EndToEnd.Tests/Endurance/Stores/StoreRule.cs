namespace OcfCloud.EndToEnd.Endurance.Stores;

/// <summary>What holds in a store at any moment, between two transactions.</summary>
/// <param name="Says">The rule in words.</param>
/// <param name="Violations">What breaks it: a query for SQLite and PostgreSQL whose rows name what is wrong.</param>
/// <param name="Breaking">A statement that breaks it in a store (of SQLite) that holds something of everything; null where the store itself forbids that.</param>
internal sealed record StoreRule(string Says, string Violations, string? Breaking = null);
