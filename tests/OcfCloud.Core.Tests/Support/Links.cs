using OcfCloud.Core.Directory;

namespace OcfCloud.Core.Tests.Support;

/// <summary>Links to publish.</summary>
internal static class Links
{
    public static ResourceLink Of(string href, string rt = "oic.r.switch.binary", string @if = "oic.if.a", int bm = 3, params LinkParameter[] parameters)
    {
        Assert.True(ResourceHref.TryParse(href, out var parsed));
        Assert.True(ResourceLink.TryCreate(parsed, rt.Split(' '), @if.Split(' '), bm, parameters, out var link));
        return link;
    }
}
