namespace OcfCloud.Simulator.Cloud;

/// <summary>What a device keeps about its cloud over restarts.</summary>
internal sealed record CloudRecord
{
    /// <summary>The endpoint as it was provisioned.</summary>
    public string? ProvisionedCis { get; init; }

    /// <summary>The endpoint in use: the provisioned one, or the one that the cloud redirected to.</summary>
    public string? Cis { get; init; }

    /// <summary>The cloud's UUID.</summary>
    public Guid? Sid { get; init; }

    /// <summary>Name of the authorization provider.</summary>
    public string? Apn { get; init; }

    /// <summary>The one-time token, until it is used up.</summary>
    public string? At { get; init; }

    /// <summary>Where the device stands.</summary>
    public ProvisioningStatus Cps { get; init; }

    /// <summary>The last error.</summary>
    public CloudError Clec { get; init; }

    /// <summary>The tokens of a registered device.</summary>
    public CloudTokens? Tokens { get; init; }
}
