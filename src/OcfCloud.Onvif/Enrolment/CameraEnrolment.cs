namespace OcfCloud.Onvif.Enrolment;

/// <summary>How enrolling a camera ended.</summary>
/// <param name="Camera">What it needs; null: it was refused.</param>
/// <param name="Refusal">Why, in words.</param>
/// <param name="IsConflict">Whether the request as such was good: its key is known already, the account is full, or this cloud takes no uplinks.</param>
public sealed record CameraEnrolment(EnrolledCamera? Camera, string? Refusal, bool IsConflict)
{
    internal static CameraEnrolment Bad(string refusal) => new(null, refusal, false);

    internal static CameraEnrolment Conflict(string refusal) => new(null, refusal, true);
}
