using Microsoft.EntityFrameworkCore;

namespace OcfCloud.Core.Storage;

/// <summary>What a room brings to the one model: the configurations of its own entities. Registered as a singleton in the container, and listed in the
/// design-time factories of both provider projects. Stateless.</summary>
public interface IModelContribution
{
    /// <summary>Adds the room's entities.</summary>
    void Configure(ModelBuilder model);
}
