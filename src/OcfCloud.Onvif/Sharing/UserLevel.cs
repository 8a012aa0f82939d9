using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Sharing;

/// <summary>What requests that come by an uplink may do on the camera; a greater one may do all that a lesser one may. The numbers are stored: they stay.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UserLevel>))]
public enum UserLevel
{
    /// <summary>Looking at media.</summary>
    User = 0,

    /// <summary>Using the camera.</summary>
    Operator = 1,

    /// <summary>Everything, sharing it on included.</summary>
    Administrator = 2,
}
