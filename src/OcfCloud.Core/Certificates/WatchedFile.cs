namespace OcfCloud.Core.Certificates;

/// <summary>A file as it was read.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Setting">The index of the configured path that led to it.</param>
/// <param name="IsNamed">Whether it was configured itself, not found in a folder.</param>
/// <param name="Content">Its bytes; null where it could not be read.</param>
public sealed record WatchedFile(string Path, int Setting, bool IsNamed, byte[]? Content);
