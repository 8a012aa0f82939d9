using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OcfCloud.Host.Logging;
using OcfCloud.Host.Tests.Settings;

namespace OcfCloud.Host.Tests.Logging;

public sealed class CloudLoggingTests
{
    [Theory]
    [InlineData("Verbose", "OpenIddict.Server.OpenIddictServerDispatcher", LogLevel.Debug)]
    [InlineData("Debug", "OpenIddict.Server.OpenIddictServerDispatcher", LogLevel.Debug)]
    [InlineData("Information", "OpenIddict.Server.OpenIddictServerDispatcher", LogLevel.Warning)]
    [InlineData("Verbose", "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)]
    [InlineData("Verbose", "Microsoft.AspNetCore.Routing.Matching.DfaMatcher", LogLevel.Information)]
    [InlineData("Verbose", "OcfCloud.Core.Devices.OnlineState", LogLevel.Trace)]
    public void At_no_level_of_the_operator_are_tokens_codes_or_queries_written(string level, string category, LogLevel least)
    {
        var services = new ServiceCollection();
        CloudLogging.Add(services, Sources.Production(("OcfCloud:Logging:Level", level)));
        using var provider = services.BuildServiceProvider();

        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.True(logger.IsEnabled(least));
        Assert.False(least > LogLevel.Trace && logger.IsEnabled(least - 1));
    }
}
