namespace OcfCloud.Onvif.Soap;

/// <summary>The answer to GetKeyStatus.</summary>
internal sealed record KeyStatusAnswer(KeyStatus Status);
