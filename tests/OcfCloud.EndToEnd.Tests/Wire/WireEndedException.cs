namespace OcfCloud.EndToEnd.Wire;

/// <summary>The cloud closed the connection before it answered.</summary>
internal sealed class WireEndedException(string message, Exception? inner = null) : IOException(message, inner);
