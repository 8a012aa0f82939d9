namespace OcfCloud.Onvif.Provisioning;

/// <summary>A share is not any more what the work on it began with: another node has it, its owner took it back, or it is gone. The work ends where it is.</summary>
internal sealed class ShareChangedException() : Exception("The share changed while it was worked on.");
