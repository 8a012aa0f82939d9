namespace OcfCloud.EndToEnd.Endurance;

/// <summary>A device's state at one moment; two with the same number of changes enclose a time in which nothing changed.</summary>
internal readonly record struct CrowdMoment(CrowdState State, long Changes, bool IsRegistered, long Registrations)
{
    /// <summary>Whether it was in one state all the time from here to the given moment.</summary>
    public bool WasSteadily(CrowdState state, CrowdMoment until) => State == state && Changes == until.Changes;

    /// <summary>Whether the cloud knew it all the time from here to the given moment.</summary>
    public bool WasRegistered(CrowdMoment until) => IsRegistered && until.IsRegistered && Registrations == until.Registrations;
}
