using OcfCloud.Testing;

[assembly: AssemblyFixture(typeof(PostgreSqlFixture))]
