using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace OcfCloud.Core.Storage;

/// <summary>Keeps apart the models of different sets of rooms: EF would take the first one for all of a process.</summary>
internal sealed class ContributedModelCacheKey : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) =>
        (context.GetType(), designTime, (context as CloudDbContext)?.ModelKey);
}
