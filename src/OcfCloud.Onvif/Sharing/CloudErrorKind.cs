using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Sharing;

/// <summary>The errors of <c>deviceSharingError</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CloudErrorKind>))]
internal enum CloudErrorKind
{
    /// <summary>The configuration is none, or one that the camera cannot have.</summary>
    [JsonStringEnumMemberName("Invalid configuration")]
    InvalidConfiguration,

    /// <summary>The share token is none, or not good.</summary>
    [JsonStringEnumMemberName("Invalid JWT")]
    InvalidToken,
}
