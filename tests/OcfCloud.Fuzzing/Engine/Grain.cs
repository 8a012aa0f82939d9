namespace OcfCloud.Fuzzing.Engine;

/// <summary>What inputs are made of: changes that keep the form get behind the parser, where changes of bytes mostly end at it.</summary>
internal enum Grain
{
    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>JSON in UTF-8.</summary>
    Json,

    /// <summary>XML in UTF-8.</summary>
    Xml,
}
