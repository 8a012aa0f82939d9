namespace OcfCloud.LoadGenerator;

/// <summary>The load could not be made; the message says why in one sentence.</summary>
internal sealed class LoadException(string message, Exception? inner = null) : Exception(message, inner);
