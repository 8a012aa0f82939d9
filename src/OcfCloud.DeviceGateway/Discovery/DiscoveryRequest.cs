using OcfCloud.Core.Directory;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Discovery;

/// <summary>What a discovery asks for (device-to-cloud.md, 7).</summary>
/// <param name="Filters">What the links have to match.</param>
/// <param name="Baseline">Whether the links come in a representation of <c>/oic/res</c> instead of a flat list.</param>
internal sealed record DiscoveryRequest(DiscoveryQuery Filters, bool Baseline)
{
    private const string LinkList = "oic.if.ll", BaselineInterface = "oic.if.baseline", Batch = "oic.if.b";

    // A query may have as many options as a message holds.
    private const int MaxFilters = 128;

    /// <summary>Reads it; null where <see cref="RequestQuery.Problem"/> says why not.</summary>
    public static DiscoveryRequest? Read(RequestQuery query)
    {
        var interfaces = query.All("if").ToList();
        var filters = new DiscoveryQuery
        {
            Rt = [.. query.All("rt")],
            If = interfaces.FindAll(i => i is not (LinkList or BaselineInterface)),
            Di = query.Devices("di"),
        };
        // The batch of all devices would be a request to each of them.
        if (interfaces.Contains(Batch)) query.Report("if", "oic.if.b, which only a device's own /oic/res has");
        if (filters.Rt.Count + filters.If.Count + filters.Di.Count > MaxFilters) query.Report("rt, if or di", $"there more than {MaxFilters} times");
        return query.Problem is null ? new DiscoveryRequest(filters, interfaces.Contains(BaselineInterface)) : null;
    }
}
