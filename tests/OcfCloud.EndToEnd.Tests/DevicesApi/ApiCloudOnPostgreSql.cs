using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.DevicesApi;

/// <summary>The same on PostgreSQL.</summary>
public sealed class ApiCloudOnPostgreSql(PostgreSqlFixture postgreSql) : ApiCloud
{
    private protected override async Task<TestStore> StoreAsync()
    {
        postgreSql.Require();
        return new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync());
    }
}
