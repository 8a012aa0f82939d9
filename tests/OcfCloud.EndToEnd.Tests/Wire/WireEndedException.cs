namespace OcfCloud.EndToEnd.Wire;

/// <summary>The cloud closed the connection before it answered.</summary>
internal sealed class WireEndedException : IOException
{
    public WireEndedException()
        : this("The connection ended before the answer.")
    {
    }

    public WireEndedException(string message)
        : base(message)
    {
    }

    public WireEndedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
