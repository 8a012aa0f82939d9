namespace OcfCloud.DeviceGateway.Tests.Resources;

/// <summary>Members of a body in their order.</summary>
internal sealed class Fields : OrderedDictionary<string, object?>
{
    public Fields()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>The same with one member set.</summary>
    public Fields With(string name, object? value)
    {
        var copy = Copy();
        copy[name] = value;
        return copy;
    }

    /// <summary>The same without one member.</summary>
    public Fields Without(string name)
    {
        var copy = Copy();
        copy.Remove(name);
        return copy;
    }

    private Fields Copy()
    {
        var copy = new Fields();
        foreach (var (name, value) in this) copy.Add(name, value);
        return copy;
    }
}
