namespace OcfCloud.Fuzzing.Targets;

/// <summary>A parser took an input in a way that it must not.</summary>
internal sealed class InvariantBrokenException(string what) : Exception($"Not so: {what}.");
