using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.Tokens;
using OpenIddict.EntityFrameworkCore.Models;

namespace OcfCloud.Identity.Tests.Clients;

public sealed class CloudClientsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_secret_lies_in_the_store_as_a_hash_alone()
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path);
        var added = await ClientsOf(room).AddAsync(Registration(), Cancellation);

        var row = await room.Services.GetRequiredService<Store>().ReadAsync((context, token) => context.Set<OpenIddictEntityFrameworkCoreApplication>().SingleAsync(token), Cancellation);

        Assert.True(added.Secret!.Length >= 43);
        Assert.DoesNotContain(added.Secret, row.ClientSecret, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_is_listed_as_it_was_registered_and_gone_when_it_is_removed()
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path);
        var clients = ClientsOf(room);
        var app = await clients.AddAsync(Registration() with { Name = "App", IsPublic = true, RedirectUris = ["http://127.0.0.1:1234/cb"], Scopes = ["r:*"] }, Cancellation);
        var peer = await clients.AddAsync(Registration(), Cancellation);

        Assert.Null(app.Secret);
        Assert.Equal(["App", "Peer"], (await clients.ListAsync(Cancellation)).Select(client => client.Name));
        var found = (await clients.FindAsync(peer.Client!.ClientId, Cancellation))!;
        Assert.Equal(["https://peer.example/cb"], found.RedirectUris);
        Assert.Equal(CloudScopes.OfPeerClouds, found.Scopes);
        Assert.False(found.IsPublic);
        Assert.Equal(["http://127.0.0.1/cb"], app.Client!.RedirectUris);
        Assert.NotNull((await clients.RotateSecretAsync(app.Client.ClientId, Cancellation)).Refusal);
        Assert.Null((await clients.RemoveAsync(app.Client.ClientId, Cancellation)).Refusal);
        Assert.Equal(["Peer"], (await clients.ListAsync(Cancellation)).Select(client => client.Name));
        Assert.Equal($"There is no client \"{app.Client.ClientId}\".", (await clients.RemoveAsync(app.Client.ClientId, Cancellation)).Refusal);
        Assert.NotNull((await clients.RotateSecretAsync("nobody", Cancellation)).Refusal);
    }

    [Fact]
    public async Task Registrations_that_make_no_sense_are_refused()
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path);
        ClientRegistration[] bad =
        [
            Registration() with { Name = "" },
            Registration() with { Name = " Peer" },
            Registration() with { Name = "Pe\ner" },
            Registration() with { Name = new string('x', 101) },
            Registration() with { RedirectUris = [] },
            Registration() with { Scopes = [] },
            Registration() with { Scopes = ["r:*", "no:such"] },
        ];

        foreach (var registration in bad) Assert.NotNull((await ClientsOf(room).AddAsync(registration, Cancellation)).Refusal);
        Assert.Empty(await ClientsOf(room).ListAsync(Cancellation));
    }

    private static ClientRegistration Registration() => new("Peer", ["https://peer.example/cb"], CloudScopes.OfPeerClouds, IsPublic: false);

    private static CloudClients ClientsOf(IdentityRoom room) => room.Services.GetRequiredService<CloudClients>();
}
