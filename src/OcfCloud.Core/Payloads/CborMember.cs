namespace OcfCloud.Core.Payloads;

/// <summary>What became of looking for a member.</summary>
public enum CborMember
{
    /// <summary>It is not there.</summary>
    Absent,

    /// <summary>It is there with another type, or out of range.</summary>
    WrongType,

    /// <summary>It is there.</summary>
    Found,
}
