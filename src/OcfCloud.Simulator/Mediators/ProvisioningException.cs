namespace OcfCloud.Simulator.Mediators;

/// <summary>A device was not provisioned; the message is the sentence that the user reads.</summary>
internal sealed class ProvisioningException(string message, Exception? innerException = null) : Exception(message, innerException);
