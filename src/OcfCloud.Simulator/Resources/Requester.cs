namespace OcfCloud.Simulator.Resources;

/// <summary>Who asks a device.</summary>
internal enum Requester
{
    /// <summary>The cloud, for one of its clients.</summary>
    Cloud,

    /// <summary>The owner's mediator, at the local endpoint.</summary>
    Mediator,

    /// <summary>Anybody else with a trusted certificate, at the local endpoint.</summary>
    Neighbour,
}
