using Testcontainers.PostgreSql;

namespace OcfCloud.Testing;

/// <summary>A server in a container.</summary>
internal sealed class ContainerPostgreSqlServer : IPostgreSqlServer
{
    private readonly PostgreSqlContainer _container;

    private ContainerPostgreSqlServer(PostgreSqlContainer container) => _container = container;

    public string Origin => "a container";

    public string ConnectionString => _container.GetConnectionString();

    /// <summary>Whether an engine is there to be asked.</summary>
    public static bool IsPossible =>
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } || File.Exists("/var/run/docker.sock");

    public static async Task<ContainerPostgreSqlServer> StartAsync()
    {
        var container = new PostgreSqlBuilder("postgres:17-alpine").WithCommand("-c", "fsync=off", "-c", "max_connections=300").Build();
        await container.StartAsync();
        return new ContainerPostgreSqlServer(container);
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
