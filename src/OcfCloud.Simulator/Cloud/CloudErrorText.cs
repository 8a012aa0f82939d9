namespace OcfCloud.Simulator.Cloud;

/// <summary>The words of <c>clec</c> for people.</summary>
internal static class CloudErrorText
{
    /// <summary>Says what a value of <c>clec</c> means; the reserved values 4 to 254 too.</summary>
    public static string Describe(long clec) => (CloudError)clec switch
    {
        CloudError.None => "no error",
        CloudError.ErrorAnswer => "the cloud answered with an error",
        CloudError.NoConnection => "no connection to the cloud, no answer, or it is not the cloud that was named",
        CloudError.RefreshRefused => "the cloud refused to refresh the access token",
        CloudError.Unknown => "unknown error",
        _ => $"reserved error code {clec}",
    };
}
