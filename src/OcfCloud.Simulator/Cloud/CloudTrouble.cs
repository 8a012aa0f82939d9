namespace OcfCloud.Simulator.Cloud;

/// <summary>Why a device is not signed in.</summary>
/// <param name="Error">What <c>clec</c> says of it.</param>
/// <param name="IsFinal">No later attempt will mend it.</param>
/// <param name="Message">For people.</param>
internal sealed record CloudTrouble(CloudError Error, bool IsFinal, string Message);
