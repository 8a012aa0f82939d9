namespace OcfCloud.Onvif.Tests.Provisioning.Support;

/// <summary>What stands for the end of the process between a camera's work and its record.</summary>
internal sealed class ProcessDeath() : Exception("The process died.");
