namespace OcfCloud.Console.Devices;

/// <summary>A member of a resource's value that a form can change.</summary>
/// <param name="Name">The member.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Value">What it holds, or what was typed; of a switch <c>true</c> or <c>false</c>.</param>
/// <param name="Was">What it held when the form was made.</param>
/// <param name="Refusal">Why what was typed cannot be sent; null where it can.</param>
public sealed record ResourceField(string Name, ResourceFieldKind Kind, string Value, string Was, string? Refusal = null)
{
    /// <summary>Characters that a text may have; a longer one, or one of several lines, is no work for a field.</summary>
    public const int MaxTextLength = 1024;

    /// <summary>The name in the form of what is wanted.</summary>
    public string WantedName => "want:" + Name;

    /// <summary>The name in the form of <see cref="Was"/>.</summary>
    public string WasName => "was:" + Name;

    /// <summary>Whether a switch is on.</summary>
    public bool IsOn => Value == "true";
}
