namespace OcfCloud.Core.Refusals;

/// <summary>The last refusal of a device at the door. No secret of the device is in it.</summary>
/// <param name="At">When.</param>
/// <param name="What">What it was refused: one of <see cref="RefusedStep"/>.</param>
/// <param name="Code">The answer's code, <c>4.01</c>; null where the handshake failed.</param>
/// <param name="Reason">One of <see cref="RefusalReason"/>.</param>
/// <param name="Text">The same as a sentence for people.</param>
public sealed record DeviceRefusal(DateTimeOffset At, string What, string? Code, string Reason, string Text);
