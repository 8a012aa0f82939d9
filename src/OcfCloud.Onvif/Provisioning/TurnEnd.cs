using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>Why the work on a share stops before it is done.</summary>
internal sealed record TurnEnd
{
    private TurnEnd()
    {
    }

    /// <summary>The camera is not there or does not answer: the work waits for it, and loses nothing.</summary>
    public bool IsPause { get; private init; }

    /// <summary>With a pause: the camera has no uplink any more.</summary>
    public bool IsOffline { get; private init; }

    /// <summary>It can go on from then on.</summary>
    public DateTimeOffset? Later { get; private init; }

    /// <summary>It cannot be done, in words for the owner.</summary>
    public string? Failure { get; private init; }

    public static TurnEnd Pause(bool isOffline) => new() { IsPause = true, IsOffline = isOffline };

    public static TurnEnd Until(DateTimeOffset time) => new() { Later = time };

    public static TurnEnd Fail(string reason) => new() { Failure = reason };

    /// <summary>What a call that did not succeed means where nothing else is known to do.</summary>
    public static TurnEnd Of<T>(string operation, CallAnswer<T> answer) => answer.Outcome switch
    {
        CallOutcome.Offline => Pause(isOffline: true),
        CallOutcome.NoAnswer => Pause(isOffline: false),
        CallOutcome.Fault => Fail(Words(operation, answer.Fault!)),
        _ => Fail($"The camera's answer to {operation} cannot be read."),
    };

    private static string Words(string operation, SoapFault fault)
    {
        if (fault.Has("NotAuthorized")) return $"The camera refuses {operation}: this cloud is no Administrator there (any more).";
        if (fault.Has("ActionNotSupported")) return $"The camera does not support {operation} although it says so.";
        if (IsFull(fault)) return $"The camera has no room left ({operation}).";
        return $"The camera refuses {operation}: {string.Join('/', fault.Subcodes)} {fault.Reason}".TrimEnd();
    }

    private static bool IsFull(SoapFault fault) => fault.Subcodes.Any(code =>
        code is "MaximumNumberOfKeysReached" or "MaximumNumberOfCertificatesReached" or "MaximumNumberOfCertPathValidationPoliciesReached" or "MaxAuthorizationServers");
}
