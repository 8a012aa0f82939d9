namespace OcfCloud.Onvif.Operation;

/// <summary>What came of a share token that a user brought.</summary>
/// <param name="Refusal">Why nothing did.</param>
/// <param name="Share">With <see cref="ProposalRefusal.None"/>: what would be asked of whom.</param>
public sealed record ProposalOutcome(ProposalRefusal Refusal, IncomingShareSummary? Share)
{
    /// <summary>The refusal in a sentence, for people; null where there is none.</summary>
    public string? Explanation => Refusal switch
    {
        ProposalRefusal.None => null,
        ProposalRefusal.Token => "This is no share token: it has to be a JWT that names a camera and the cloud that shares it.",
        ProposalRefusal.Address => "The share token leads to an address that this cloud does not call.",
        ProposalRefusal.TooMany => "There are as many incoming shares or cameras as one user may have: delete some.",
        ProposalRefusal.NoUplink => "This cloud takes no uplinks of cameras: its uplink endpoint is off.",
        _ => "The token's user is not there.",
    };
}
