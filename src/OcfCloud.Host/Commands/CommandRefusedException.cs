namespace OcfCloud.Host.Commands;

/// <summary>A command that cannot be done: its message is the sentence that the operator reads, the exit code is 1.</summary>
internal sealed class CommandRefusedException(string sentence) : Exception(sentence);
