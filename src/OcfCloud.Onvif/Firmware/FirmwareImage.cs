namespace OcfCloud.Onvif.Firmware;

/// <summary>A version of firmware that cameras of a model can be told to upgrade to (getAvailableFWImages).</summary>
public sealed class FirmwareImage
{
    /// <summary>Characters of a model and of a version.</summary>
    public const int MaxTextLength = 128;

    /// <summary>The model as GetDeviceInformation says it.</summary>
    public required string Model { get; init; }

    /// <summary>The version as UpgradeFirmware takes it.</summary>
    public required string Version { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset AddedAt { get; init; }
}
