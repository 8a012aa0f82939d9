namespace OcfCloud.Console.Devices;

/// <summary>What a field of a resource holds.</summary>
public enum ResourceFieldKind
{
    /// <summary>Yes or no.</summary>
    Switch,

    /// <summary>A number that the device sent as a whole one.</summary>
    Number,

    /// <summary>A number that the device sent as a floating-point one: it gets no other.</summary>
    Float,

    /// <summary>A text of one line.</summary>
    Text,
}
