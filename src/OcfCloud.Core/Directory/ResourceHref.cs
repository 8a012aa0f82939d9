using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Directory;

/// <summary>The path of a resource on its device: starts with '/', has no query and at most <see cref="MaxLength"/> characters.</summary>
public readonly record struct ResourceHref
{
    /// <summary>Characters that a published <c>href</c> may have.</summary>
    public const int MaxLength = 219;

    private readonly string? _value;

    private ResourceHref(string value) => _value = value;

    /// <summary>The path; "/" for the default value.</summary>
    public string Value => _value ?? "/";

    /// <summary>Reads a path.</summary>
    /// <param name="text">The text.</param>
    /// <param name="href">The path, or the default value.</param>
    /// <returns>False where it does not start with '/', is longer than <see cref="MaxLength"/>, or holds a query, a fragment or a control character.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ResourceHref href)
    {
        href = default;
        if (text is not { Length: > 0 and <= MaxLength } || text[0] != '/') return false;
        foreach (var c in text)
        {
            if (c is '?' or '#' || char.IsControl(c)) return false;
        }
        href = new ResourceHref(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
