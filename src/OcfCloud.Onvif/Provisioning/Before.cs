using System.Text.Json;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>What an entry of an earlier share was before a re-share to the same cloud replaced it: what taking back puts there again. It is kept as an object beside that of the entry, of a kind of its own and by the same name.</summary>
internal sealed record Before(string? UserLevel, string? PolicyId, string? AuthorizationServer, string? Scope, string? KeyId)
{
    // The handle's column.
    private const int MaxLength = 2048;

    /// <summary>The kind of what an entry was; null: such an entry is never replaced.</summary>
    public static CameraObjectKind? KindOf(CameraObjectKind entry) => entry switch
    {
        CameraObjectKind.Uplink => CameraObjectKind.UplinkBefore,
        CameraObjectKind.AuthorizationServer => CameraObjectKind.AuthorizationServerBefore,
        _ => null,
    };

    public static bool Is(CameraObject made) => made.Kind is CameraObjectKind.UplinkBefore or CameraObjectKind.AuthorizationServerBefore;

    public static string? Write(UplinkEntry entry) => Write(new Before(string.Join(' ', entry.UserLevels), entry.PolicyId, entry.AuthorizationServer, null, null));

    public static string? Write(AuthorizationServerEntry entry) => Write(new Before(null, entry.Data.PolicyId, null, entry.Data.Scope, entry.Data.KeyId));

    public static Before? Read(string? text) => text is null ? null : JsonSerializer.Deserialize<Before>(text);

    // Null: too long to be kept, so that it cannot be replaced.
    private static string? Write(Before before) => JsonSerializer.Serialize(before) is { Length: <= MaxLength } text ? text : null;
}
