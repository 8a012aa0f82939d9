using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>A camera that a user asks another cloud for, as the user sees it: without its token and the secret of its address.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">How far it is.</param>
/// <param name="Reason">Why it is there, in words.</param>
/// <param name="Xaddr">Who is asked; from the token, which nobody has checked.</param>
/// <param name="Manufacturer">What is asked for: the token's promise.</param>
/// <param name="Model">The token's promise.</param>
/// <param name="SerialNumber">The token's promise.</param>
/// <param name="Mode">Informative; null where the token says nothing of it.</param>
/// <param name="UserLevel">The level that is asked for.</param>
/// <param name="ClientId">The camera's client id here.</param>
/// <param name="CameraId">The camera, once its key is registered.</param>
/// <param name="Created">Since when.</param>
/// <param name="Deadline">When it is given up.</param>
public sealed record IncomingShareSummary(
    Guid Id,
    IncomingShareState State,
    string? Reason,
    string Xaddr,
    string Manufacturer,
    string Model,
    string SerialNumber,
    ShareMode? Mode,
    UserLevel UserLevel,
    string ClientId,
    Guid? CameraId,
    DateTimeOffset Created,
    DateTimeOffset Deadline)
{
    internal static IncomingShareSummary Of(IncomingShare share) => new(
        share.Id, share.State, share.Reason, share.Xaddr, share.Manufacturer, share.Model, share.SerialNumber, share.Mode, share.UserLevel, share.ClientId, share.CameraId,
        share.CreatedAt, share.DeadlineAt);
}
