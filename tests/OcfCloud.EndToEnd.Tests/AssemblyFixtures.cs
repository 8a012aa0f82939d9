using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

[assembly: AssemblyFixture(typeof(PostgreSqlFixture))]
[assembly: AssemblyFixture(typeof(SharedPrograms))]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]
