using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Cloud;

/// <summary>
/// The state behind <c>oic.r.coapcloudconf</c>. A mediator's UPDATE starts a new generation; what the connection to the cloud
/// reports counts only for the generation that it works for, so that a late answer never touches a newer configuration.
/// <code>
///   uninitialized ──UPDATE──► readytoregister ──► registering ──► registered
///         ▲                         ▲                  │               │
///         │                         └──UPDATE── failed ◄───────────────┘ refresh refused
///         └──────────── cis: "" from any state
/// </code>
/// </summary>
/// <param name="initial">What was kept.</param>
/// <param name="save">Keeps a new record, before anybody sees it.</param>
internal sealed class CloudConfiguration(CloudRecord initial, Action<CloudRecord> save)
{
    private readonly Lock _gate = new();
    private CloudRecord _record = initial.Cps == ProvisioningStatus.Registering
        ? initial with { Cps = ProvisioningStatus.ReadyToRegister } // ended in mid-registration: the one-time token may still be good
        : initial;
    private long _generation;
    private CloudRecord? _left;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Raised after each change, with the new record.</summary>
    public event Action<CloudRecord>? Changed;

    /// <summary>The record as it is now.</summary>
    public CloudRecord Current
    {
        get
        {
            lock (_gate)
                return _record;
        }
    }

    /// <summary>The record, its generation, and a task that ends with the next change after it.</summary>
    public (CloudRecord Record, long Generation, Task Changed) Observe()
    {
        lock (_gate)
            return (_record, _generation, _changed.Task);
    }

    /// <summary>A mediator's UPDATE.</summary>
    /// <returns>Null where it was taken, else why not.</returns>
    public string? Update(JsonObject body)
    {
        if (body.ContainsKey("cps") || body.ContainsKey("clec"))
            return "cps and clec are read-only";
        if (Text(body, "cis") is not { } cis)
            return "cis is missing or no text";
        if (cis.Length == 0)
        {
            Leave();
            return null;
        }

        if (!CoapsAddress.TryParse(cis, out _))
            return "cis is no coaps+tcp URI";
        if (!OcfUuid.TryParse(Text(body, "sid"), out var sid))
            return "sid is missing or no UUID";
        if (Text(body, "at") is not { Length: > 0 } at)
            return "at is missing or empty";
        if (body.ContainsKey("apn") && Text(body, "apn") is null)
            return "apn is no text";
        return Provision(cis, sid, at, Text(body, "apn"));
    }

    /// <summary>Names a cloud and the one-time token for it.</summary>
    /// <returns>Null where it was taken, else why not.</returns>
    public string? Provision(string cis, Guid sid, string at, string? apn)
    {
        lock (_gate)
        {
            // A device belongs to one cloud at a time.
            if (_record.Cps is ProvisioningStatus.Registering or ProvisioningStatus.Registered)
                return "the device belongs to a cloud; cis: \"\" leaves it";
            _generation++;
            Set(new CloudRecord { ProvisionedCis = cis, Cis = cis, Sid = sid, At = at, Apn = apn, Cps = ProvisioningStatus.ReadyToRegister });
        }

        RaiseChanged();
        return null;
    }

    /// <summary>Leaves the cloud; what has to be told to it is given by <see cref="TakeLeft"/>.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_record.Cps == ProvisioningStatus.Uninitialized)
                return;
            if (_record.Tokens is not null)
                _left = _record;
            _generation++;
            Set(new CloudRecord());
        }

        RaiseChanged();
    }

    /// <summary>The registration that was left and not yet undone at the cloud, once.</summary>
    public CloudRecord? TakeLeft()
    {
        lock (_gate)
            return Interlocked.Exchange(ref _left, null);
    }

    /// <summary>The sign-up begins.</summary>
    public void Registering(long generation) => Change(generation, r => r with { Cps = ProvisioningStatus.Registering });

    /// <summary>The sign-up succeeded; the one-time token is used up.</summary>
    /// <param name="generation">Whose it was.</param>
    /// <param name="tokens">What it gave.</param>
    /// <param name="redirect">Endpoint to use from now on, or null.</param>
    public void Registered(long generation, CloudTokens tokens, string? redirect) => Change(generation, r => r with
    {
        Cps = ProvisioningStatus.Registered,
        Clec = CloudError.None,
        At = null,
        Tokens = tokens,
        Cis = redirect ?? r.Cis,
    });

    /// <summary>New tokens by a refresh.</summary>
    public void Refreshed(long generation, CloudTokens tokens) => Change(generation, r => r with { Tokens = tokens, Clec = CloudError.None });

    /// <summary>A session stands.</summary>
    public void SignedIn(long generation) => Change(generation, r => r.Clec == CloudError.None ? r : r with { Clec = CloudError.None });

    /// <summary>Notes an error that will be tried again.</summary>
    public void Note(long generation, CloudError error) => Change(generation, r => r.Clec == error ? r : r with { Clec = error });

    /// <summary>Gives up: one-time token and tokens are forgotten, only a mediator (or a new start) helps.</summary>
    public void Fail(long generation, CloudError error) => Change(generation, r => r with
    {
        Cps = ProvisioningStatus.Failed,
        Clec = error,
        At = null,
        Tokens = null,
    });

    /// <summary>The cloud that the record names is at another address now.</summary>
    public void Move(string cis)
    {
        lock (_gate)
        {
            if (_record.ProvisionedCis == cis)
                return;
            Set(_record with { ProvisionedCis = cis, Cis = cis });
        }

        RaiseChanged();
    }

    private void Change(long generation, Func<CloudRecord, CloudRecord> change)
    {
        lock (_gate)
        {
            if (generation != _generation)
                return;
            var next = change(_record);
            if (ReferenceEquals(next, _record))
                return;
            Set(next);
        }

        RaiseChanged();
    }

    private void Set(CloudRecord next)
    {
        save(next);
        _record = next;
        var signal = _changed;
        _changed = NewSignal();
        signal.SetResult();
    }

    private void RaiseChanged() => Changed?.Invoke(Current);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
