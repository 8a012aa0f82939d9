using System.Text.Json.Nodes;
using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.Tests.Cloud;

public sealed class CloudConfigurationTests
{
    private const string Good = """{"cis":"coaps+tcp://127.0.0.1:5684","sid":"987e6543-a21f-10d1-a112-421345746237","at":"one-time","apn":"ocfcloud"}""";
    private static readonly CloudTokens Tokens = new("uid", "access", "refresh", ExpiresAt: null);
    private readonly List<CloudRecord> _kept = [];

    [Fact]
    public void A_new_device_is_uninitialized_without_an_error()
    {
        var configuration = Make();

        Assert.Equal((ProvisioningStatus.Uninitialized, CloudError.None), Status(configuration));
    }

    [Fact]
    public void An_update_with_everything_makes_it_ready_and_is_kept_before_it_is_seen()
    {
        var configuration = Make();
        var (_, _, changed) = configuration.Observe();

        Assert.Null(configuration.Update(Json(Good)));

        Assert.True(changed.IsCompletedSuccessfully);
        Assert.Equal(ProvisioningStatus.ReadyToRegister, configuration.Current.Cps);
        Assert.Equal("one-time", configuration.Current.At);
        Assert.Equal(configuration.Current, _kept[^1]);
    }

    [Theory]
    [InlineData("""{"sid":"987e6543-a21f-10d1-a112-421345746237","at":"x"}""")]
    [InlineData("""{"cis":"coaps+tcp://127.0.0.1:5684","at":"x"}""")]
    [InlineData("""{"cis":"coaps+tcp://127.0.0.1:5684","sid":"987e6543-a21f-10d1-a112-421345746237"}""")]
    [InlineData("""{"cis":"coaps+tcp://127.0.0.1:5684","sid":"987e6543-a21f-10d1-a112-421345746237","at":""}""")]
    [InlineData("""{"cis":"coaps+tcp://127.0.0.1:5684","sid":"nonsense","at":"x"}""")]
    [InlineData("""{"cis":"https://127.0.0.1","sid":"987e6543-a21f-10d1-a112-421345746237","at":"x"}""")]
    [InlineData("""{"cis":7,"sid":"987e6543-a21f-10d1-a112-421345746237","at":"x"}""")]
    [InlineData("""{"cis":"coaps+tcp://127.0.0.1:5684","sid":"987e6543-a21f-10d1-a112-421345746237","at":"x","apn":1}""")]
    [InlineData("""{"cis":"coaps+tcp://127.0.0.1:5684","sid":"987e6543-a21f-10d1-a112-421345746237","at":"x","cps":"failed"}""")]
    [InlineData("""{"cis":"coaps+tcp://127.0.0.1:5684","sid":"987e6543-a21f-10d1-a112-421345746237","at":"x","clec":0}""")]
    [InlineData("{}")]
    public void A_malformed_update_changes_nothing(string body)
    {
        var configuration = Make();

        Assert.NotNull(configuration.Update(Json(body)));

        Assert.Equal(ProvisioningStatus.Uninitialized, configuration.Current.Cps);
        Assert.Empty(_kept);
    }

    [Fact]
    public void Unknown_members_are_ignored()
    {
        var body = Json(Good);
        body["devicetype"] = "light";

        Assert.Null(Make().Update(body));
    }

    [Fact]
    public void Success_uses_up_the_one_time_token_and_clears_the_error()
    {
        var configuration = Ready(out var generation);
        configuration.Registering(generation);
        configuration.Note(generation, CloudError.NoConnection);

        configuration.Registered(generation, Tokens, redirect: null);

        Assert.Equal((ProvisioningStatus.Registered, CloudError.None), Status(configuration));
        Assert.Null(configuration.Current.At);
        Assert.Equal(Tokens, configuration.Current.Tokens);
    }

    [Fact]
    public void A_redirection_takes_the_place_of_cis()
    {
        var configuration = Ready(out var generation);

        configuration.Registered(generation, Tokens, "coaps+tcp://127.0.0.1:7000");

        Assert.Equal("coaps+tcp://127.0.0.1:7000", configuration.Current.Cis);
        Assert.Equal("coaps+tcp://127.0.0.1:5684", configuration.Current.ProvisionedCis);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_registering_and_registered_another_cloud_is_refused(bool registered)
    {
        var configuration = Ready(out var generation);
        configuration.Registering(generation);
        if (registered)
            configuration.Registered(generation, Tokens, redirect: null);
        var before = configuration.Current;

        Assert.NotNull(configuration.Update(Json(Good)));

        Assert.Equal(before, configuration.Current);
    }

    [Fact]
    public void An_empty_cis_leaves_the_cloud_and_remembers_once_what_to_undo_there()
    {
        var configuration = Ready(out var generation);
        configuration.Registered(generation, Tokens, redirect: null);

        Assert.Null(configuration.Update(Json("""{"cis":""}""")));

        Assert.Equal(new CloudRecord(), configuration.Current);
        Assert.Equal(Tokens, configuration.TakeLeft()?.Tokens);
        Assert.Null(configuration.TakeLeft());
    }

    [Fact]
    public void A_refused_refresh_forgets_the_tokens_and_a_new_update_is_taken()
    {
        var configuration = Ready(out var generation);
        configuration.Registered(generation, Tokens, redirect: null);

        configuration.Fail(generation, CloudError.RefreshRefused);

        Assert.Equal((ProvisioningStatus.Failed, CloudError.RefreshRefused), Status(configuration));
        Assert.Null(configuration.Current.Tokens);
        Assert.Null(configuration.Update(Json(Good)));
        Assert.Equal((ProvisioningStatus.ReadyToRegister, CloudError.None), Status(configuration));
    }

    [Fact]
    public void What_comes_late_for_an_older_configuration_is_dropped()
    {
        var configuration = Ready(out var generation);
        configuration.Update(Json("""{"cis":""}"""));

        configuration.Registered(generation, Tokens, redirect: null);
        configuration.Fail(generation, CloudError.ErrorAnswer);

        Assert.Equal((ProvisioningStatus.Uninitialized, CloudError.None), Status(configuration));
    }

    [Fact]
    public void A_registration_that_a_restart_cut_off_is_begun_again()
    {
        var configuration = new CloudConfiguration(new CloudRecord { Cps = ProvisioningStatus.Registering, At = "one-time" }, _kept.Add);

        Assert.Equal(ProvisioningStatus.ReadyToRegister, configuration.Current.Cps);
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static (ProvisioningStatus Cps, CloudError Clec) Status(CloudConfiguration configuration) =>
        (configuration.Current.Cps, configuration.Current.Clec);

    private CloudConfiguration Make() => new(new CloudRecord(), _kept.Add);

    private CloudConfiguration Ready(out long generation)
    {
        var configuration = Make();
        Assert.Null(configuration.Update(Json(Good)));
        (_, generation, _) = configuration.Observe();
        return configuration;
    }
}
