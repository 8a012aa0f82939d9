using Microsoft.EntityFrameworkCore;

namespace OcfCloud.Core.Storage;

/// <summary>What a room brings to the one model: the configurations of its own entities. Listed in both provider projects, whose migrations cover all rooms.
/// Stateless.</summary>
public interface IModelContribution
{
    /// <summary>Adds the room's entities.</summary>
    void Configure(ModelBuilder model);
}
