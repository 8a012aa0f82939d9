using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Firmware;
using OcfCloud.Onvif.Tests.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Firmware;

public sealed class GetAvailableFirmwareImagesTests(PostgreSqlFixture postgreSql)
{
    private static readonly Uri Operation = new("/onvif/cloud/getAvailableFWImages", UriKind.Relative);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Whoever_asks_gets_the_versions_of_a_model_in_their_order(StoreProvider provider)
    {
        await using var host = await OnvifHost.StartAsync(provider, postgreSql);
        var images = host.Service<FirmwareImages>();
        foreach (var version in new[] { "4.10.0", "4.9.1", "4.9.1-beta", "10.0" }) Assert.Null(await images.AddAsync("AC-2000", version, Cancellation));
        Assert.Null(await images.AddAsync("AC-3000", "1", Cancellation));

        Assert.Equal("""["4.9.1","4.9.1-beta","4.10.0","10.0"]""", await AskAsync(host, "AC-2000"));

        Assert.NotNull(await images.AddAsync("AC-2000", "10.0", Cancellation));
        Assert.True(await images.RemoveAsync("AC-2000", "10.0", Cancellation));
        Assert.False(await images.RemoveAsync("AC-2000", "10.0", Cancellation));
        Assert.Equal("""["4.9.1","4.9.1-beta","4.10.0"]""", await AskAsync(host, "AC-2000"));
        Assert.Equal(["AC-2000", "AC-2000", "AC-2000", "AC-3000"], (await images.ListAsync(Cancellation)).Select(image => image.Model));
    }

    [Fact]
    public async Task A_model_that_is_only_known_by_a_camera_has_none()
    {
        await using var host = await OnvifHost.StartAsync();
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        await camera.EnrolAsync(owner);
        await host.Store.WriteAsync(async (context, token) => (await context.Set<Camera>().SingleAsync(token)).Model = "AC-2000", Cancellation);

        Assert.Equal("[]", await AskAsync(host, "AC-2000"));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_model_that_no_store_can_hold_is_a_bad_request(StoreProvider provider)
    {
        await using var host = await OnvifHost.StartAsync(provider, postgreSql);
        foreach (var model in new[] { "\\u0000", "AC\\u00002000", "AC\\n", " AC" }) Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(host, $$"""{"model": "{{model}}"}"""));
    }

    [Fact]
    public async Task Anything_else_is_a_bad_request()
    {
        await using var host = await OnvifHost.StartAsync();
        Assert.Null(await host.Service<FirmwareImages>().AddAsync("AC-2000", "1.0", Cancellation));
        string[] bad = ["", "{", "[]", "\"AC-2000\"", "{}", """{"model": ""}""", """{"model": 1}""", """{"model": null}""", """{"model": "ac-2000"}""", """{"model": "AC-2000", "model": "AC-2000"}""", $$"""{"model": "{{new string('x', 5000)}}"}"""];

        foreach (var body in bad) Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(host, body));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await StatusAsync(host, """{"model": "AC-2000"}""", "text/plain"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(host, new string(' ', OnvifHost.MaxRequestBodySize + 1)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, """{"model": "AC-2000", "more": []}"""));
        using var get = await host.Http.GetAsync(Operation, Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
    }

    [Fact]
    public async Task One_address_may_not_ask_without_end()
    {
        await using var host = await OnvifHost.StartAsync(configure: services => services.Configure<OnvifOptions>(options => options.MaxFirmwareQueriesPerMinute = 2));

        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(host, "{}"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(host, "{}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(host, "{}"));
    }

    [Fact]
    public async Task Models_and_versions_that_no_camera_can_have_are_refused()
    {
        await using var host = await OnvifHost.StartAsync();
        var images = host.Service<FirmwareImages>();

        foreach (var text in new[] { "", " x", "x\n", new string('x', FirmwareImage.MaxTextLength + 1) })
        {
            Assert.NotNull(await images.AddAsync(text, "1", Cancellation));
            Assert.NotNull(await images.AddAsync("AC-2000", text, Cancellation));
        }
    }

    private static async Task<string> AskAsync(OnvifHost host, string model)
    {
        using var answer = await host.Http.PostAsJsonAsync(Operation, new { model }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<HttpStatusCode> StatusAsync(OnvifHost host, string body, string type = "application/json")
    {
        using var answer = await host.Http.PostAsync(Operation, new StringContent(body, Encoding.UTF8, type), Cancellation);
        return answer.StatusCode;
    }
}
