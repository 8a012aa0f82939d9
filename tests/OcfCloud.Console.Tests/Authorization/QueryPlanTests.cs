using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Grants;
using OcfCloud.Testing;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>What is asked of the table of tokens again and again is answered by its index (state, type, end), however many rows there are.</summary>
public sealed class QueryPlanTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Neither_the_revocation_cache_nor_the_clearing_reads_the_whole_table(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql);
        foreach (var query in new Func<CloudDbContext, IQueryable<string?>>[]
        {
            context => RevokedTokens.Revoked(context, DateTime.UtcNow),
            context => RevokedTokens.OfRevokedGrants(context, DateTime.UtcNow),
            context => ExpiredGrants.Expired(context, DateTime.UtcNow).Take(500),
        })
        {
            var plan = await PlanAsync(cloud, provider, query);

            if (provider == StoreProvider.Sqlite)
                Assert.Contains(plan, step => step.StartsWith("SEARCH", StringComparison.Ordinal) && step.Contains("IX_oauth_tokens_Status_Type_ExpirationDate (Status=? AND Type=? AND ExpirationDate", StringComparison.Ordinal));
            else
                Assert.Contains(plan, step => step.Contains("Index Cond:", StringComparison.Ordinal) && step.Contains("\"Status\"", StringComparison.Ordinal) && step.Contains("\"ExpirationDate\"", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal) || step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        }
    }

    private static Task<List<string>> PlanAsync(TestCloud cloud, StoreProvider provider, Func<CloudDbContext, IQueryable<string?>> query) => cloud.Services.GetRequiredService<Store>().ReadAsync(
        async (context, token) =>
        {
            await context.Database.OpenConnectionAsync(token);

            // A table of a few rows is read whole whatever there is.
            if (provider == StoreProvider.PostgreSql) await context.Database.ExecuteSqlRawAsync("SET enable_seqscan = off", token);
            await using var command = query(context).CreateDbCommand();
            command.CommandText = (provider == StoreProvider.Sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + command.CommandText;
            await using var reader = await command.ExecuteReaderAsync(token);
            List<string> steps = [];
            while (await reader.ReadAsync(token)) steps.Add(reader.GetString(reader.FieldCount - 1));
            return steps;
        },
        TestContext.Current.CancellationToken);
}
