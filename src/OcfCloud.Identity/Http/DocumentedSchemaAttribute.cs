namespace OcfCloud.Identity.Http;

/// <summary>The name that a type has in the API document, where an official document names it.</summary>
/// <param name="name">As that document writes it.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DocumentedSchemaAttribute(string name) : Attribute
{
    /// <summary>As the official document writes it.</summary>
    public string Name { get; } = name;
}
