using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OcfCloud.Host.Endpoints.Proxies;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>An endpoint behind proxies that answers every line with whom it sees.</summary>
internal sealed class ProxiedDoor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly AnnouncedAddresses _addresses;
    private int _served;

    private ProxiedDoor(string proxies, bool onEveryAddress, TimeProvider time, TimeSpan timeout, int mostWaiting)
    {
        _addresses = new AnnouncedAddresses(new TrustedProxies([IPNetwork.Parse(proxies)]), timeout, mostWaiting, time, NullLogger<AnnouncedAddresses>.Instance);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(onEveryAddress ? IPAddress.IPv6Any : IPAddress.Loopback, 0, listen =>
        {
            _addresses.Use(listen);
            listen.Run(ServeAsync);
        }));
        _app = builder.Build();
    }

    public IPEndPoint Address
    {
        get
        {
            var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new IPEndPoint(IPAddress.Loopback, new Uri(address).Port);
        }
    }

    /// <summary>Connections that came through.</summary>
    public int Served => Volatile.Read(ref _served);

    public static async Task<ProxiedDoor> OpenAsync(string proxies, TimeProvider? time = null, TimeSpan? timeout = null, int mostWaiting = 100, bool onEveryAddress = false)
    {
        var door = new ProxiedDoor(proxies, onEveryAddress, time ?? TimeProvider.System, timeout ?? TimeSpan.FromMinutes(1), mostWaiting);
        await door._app.StartAsync(TestContext.Current.CancellationToken);
        return door;
    }

    /// <summary>Waits until so many connections wait for their header.</summary>
    public async Task WaitingAsync(int count)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (_addresses.Waiting != count)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        Interlocked.Increment(ref _served);
        using var reader = new StreamReader(connection.Transport.Input.AsStream(), Encoding.Latin1);
        await using var writer = new StreamWriter(connection.Transport.Output.AsStream(), Encoding.Latin1) { AutoFlush = true };
        while (await reader.ReadLineAsync(connection.ConnectionClosed) is { } line)
            await writer.WriteAsync($"{connection.RemoteEndPoint} at {connection.LocalEndPoint}: {line}\n");
    }
}
