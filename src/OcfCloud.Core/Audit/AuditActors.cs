namespace OcfCloud.Core.Audit;

/// <summary>Who acts in the present flow of calls. A door says it once, and what is recorded below need not be told by every call in between.</summary>
public sealed class AuditActors
{
    private readonly AsyncLocal<Turn?> _turn = new();

    /// <summary>Who acts; where no door said it, the cloud itself.</summary>
    public AuditActor Current => _turn.Value?.Who?.Invoke() ?? AuditActor.Cloud;

    /// <summary>Begins a turn.</summary>
    /// <param name="who">Asked when something is recorded: a request's sender is known only after its token was checked.</param>
    /// <returns>Ends the turn, also for work that was begun in it and goes on.</returns>
    public IDisposable Begin(Func<AuditActor> who)
    {
        var turn = new Turn { Who = who };
        _turn.Value = turn;
        return turn;
    }

    private sealed class Turn : IDisposable
    {
        public Func<AuditActor>? Who { get; set; }

        public void Dispose() => Who = null;
    }
}
