using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>Calls to one camera: knows where its services are once <see cref="OpenAsync"/> has asked.</summary>
internal sealed class CameraSession(CameraCalls calls, Guid camera)
{
    private CameraServices? _services;

    /// <summary>Is told the name of every operation that is about to be asked for; for the log of steps.</summary>
    public Func<string, Task> Asking { get; init; } = _ => Task.CompletedTask;

    /// <summary>Asks where the services are.</summary>
    /// <returns>Null: it is known.</returns>
    public async Task<TurnEnd?> OpenAsync(CancellationToken cancellationToken)
    {
        var call = DeviceCalls.GetServices();
        await Asking(call.Operation);
        var answer = await calls.SendAsync(camera, SoapNames.DevicePath, call, cancellationToken);
        if (answer.Outcome != CallOutcome.Done) return TurnEnd.Of(call.Operation, answer);
        _services = answer.Value;
        if (_services!.SecurityPath is null) return TurnEnd.Fail("The camera has no security service.");
        return _services.UplinkPath is null ? TurnEnd.Fail("The camera has no uplink service.") : null;
    }

    /// <summary>Sends one call; the session is open.</summary>
    public async Task<CallAnswer<T>> AskAsync<T>(SoapCall<T> call, CancellationToken cancellationToken)
        where T : class
    {
        await Asking(call.Operation);
        return await calls.SendAsync(camera, _services!.PathOf(call.Service)!, call, cancellationToken);
    }

    /// <summary>Reads what the camera can and what is on it.</summary>
    public async Task<(CameraView? View, TurnEnd? End)> ViewAsync(CancellationToken cancellationToken)
    {
        TurnEnd? end = null;
        var information = await NeedAsync(DeviceCalls.GetDeviceInformation());
        var uplinkCapabilities = _services!.Uplink ?? await NeedAsync(UplinkCalls.GetServiceCapabilities());
        var securityCapabilities = _services.Security ?? await NeedAsync(SecurityCalls.GetServiceCapabilities());
        var uplinks = await NeedAsync(UplinkCalls.GetUplinks());
        var servers = await NeedAsync(SecurityCalls.GetAuthorizationServerConfigurations());
        var certificates = await NeedAsync(SecurityCalls.GetAllCertificates());
        var policies = await NeedAsync(SecurityCalls.GetAllCertPathValidationPolicies());
        if (end is not null) return (null, end);

        // Not every camera lists its keys; those that do not are only less well known.
        var keys = await AskAsync(SecurityCalls.GetAllKeys(), cancellationToken);
        if (keys.Outcome is CallOutcome.Offline or CallOutcome.NoAnswer) return (null, TurnEnd.Of("GetAllKeys", keys));
        return (new CameraView(information!, uplinkCapabilities!, securityCapabilities!, uplinks!, servers!, certificates!, policies!) { Keys = keys.Value }, null);

        async Task<T?> NeedAsync<T>(SoapCall<T> call)
            where T : class
        {
            if (end is not null) return null;
            var answer = await AskAsync(call, cancellationToken);
            if (answer.Outcome != CallOutcome.Done) end = TurnEnd.Of(call.Operation, answer);
            return answer.Value;
        }
    }
}
