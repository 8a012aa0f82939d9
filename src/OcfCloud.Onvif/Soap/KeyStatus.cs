namespace OcfCloud.Onvif.Soap;

/// <summary>How far a key is; also what a camera says that is none of the three.</summary>
internal enum KeyStatus
{
    Ok,
    Generating,
    Corrupt,
    Unknown,
}
