using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>A resource of the cloud itself. The connection checks path, method and session before it asks (device-to-cloud.md, 2), and serves one request after the other.</summary>
internal interface ICloudResource
{
    /// <summary>Whether the method is one of the resource's; else 4.05.</summary>
    bool Allows(CoapCode method);

    /// <summary>Whether the method needs an authorised session; without one: 4.01.</summary>
    bool NeedsSession(CoapCode method);

    /// <summary>The answer of a request that asks for nothing in particular, where it is always the same; it goes out at once, without a task.</summary>
    /// <returns>Null: the request has to be handled.</returns>
    ReadyAnswer? Ready(CoapCode method) => null;

    /// <summary>What a device does by the method, one of <see cref="Core.Refusals.RefusedStep"/>; null: nothing whose refusal is recorded.</summary>
    string? StepOf(CoapCode method);

    /// <summary>Whether a refusal that the connection itself gives ends it, as the resource's own do.</summary>
    bool ClosesAfterRefusal(CoapCode method) => false;

    /// <summary>Answers a whole request (blocks are put together before). The token, OCF's version option and blocks of a large answer are the connection's work.</summary>
    /// <exception cref="Core.Storage.StoreUnavailableException">The store does not answer: the connection answers 5.03.</exception>
    ValueTask<ResourceAnswer> HandleAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken);
}
