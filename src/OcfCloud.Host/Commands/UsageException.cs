namespace OcfCloud.Host.Commands;

/// <summary>A command that is written wrongly in a way that parsing does not see: the exit code is 2.</summary>
internal sealed class UsageException(string sentence) : Exception(sentence);
