using System.Text;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>Keeps what is written and tells when a line came.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString();
        }
    }

    public override void Write(char value)
    {
        lock (_gate)
        {
            _text.Append(value);
            if (value != '\n')
                return;
            _grown.SetResult();
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task<string> WaitForAsync(string text)
    {
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                if (_text.ToString().Split('\n')[..^1].FirstOrDefault(l => l.Contains(text, StringComparison.Ordinal)) is { } line)
                    return line;
                grown = _grown.Task;
            }

            await grown;
        }
    }
}
