namespace OcfCloud.Core.Devices;

/// <summary>How much of devices is read.</summary>
public enum DeviceContent
{
    /// <summary>Their links, and what is known of <c>/oic/d</c> and <c>/oic/p</c>.</summary>
    Base,

    /// <summary>Everything that the twin knows; of the links only that of <c>/oic/d</c>.</summary>
    All,
}
