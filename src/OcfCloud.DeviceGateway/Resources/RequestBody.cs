using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>Reads the members of a body one after the other; the first that is missing or wrong stays as <see cref="Problem"/>, what is read then says nothing.</summary>
internal sealed class RequestBody(CborMap members)
{
    /// <summary>What is wrong, for a diagnostic: names the member, never its value. Null: nothing yet.</summary>
    public string? Problem { get; private set; }

    /// <summary>A text that has to be there.</summary>
    public string Text(string name)
    {
        Require(name, members.Text(name, out var value), "no text");
        return value;
    }

    /// <summary>A text, where it is there.</summary>
    public string? OptionalText(string name)
    {
        var found = members.Text(name, out var value);
        if (found == CborMember.WrongType) Report(name, "no text");
        return found == CborMember.Found ? value : null;
    }

    /// <summary>A truth value that has to be there.</summary>
    public bool Boolean(string name)
    {
        Require(name, members.Boolean(name, out var value), "neither true nor false");
        return value;
    }

    /// <summary>An integer that has to be there.</summary>
    public long Integer(string name)
    {
        Require(name, members.Integer(name, out var value), "no integer");
        return value;
    }

    /// <summary>The id of a device, which has to be there.</summary>
    public DeviceId Device(string name)
    {
        if (!DeviceId.TryParse(Text(name), out var id)) Report(name, RequestQuery.NoUuid);
        return id;
    }

    /// <summary>The id of a user, which has to be there.</summary>
    public UserId User(string name)
    {
        if (!UserId.TryParse(Text(name), out var id)) Report(name, RequestQuery.NoUuid);
        return id;
    }

    /// <summary>One or more maps.</summary>
    public IReadOnlyList<CborMap> Maps(string name)
    {
        Require(name, members.Maps(name, out var value), "no array of maps");
        if (value.Count == 0) Report(name, "empty");
        return value;
    }

    /// <summary>Keeps a problem unless there was one before.</summary>
    public void Report(string name, string problem) => Problem ??= $"\"{name}\" is {problem}";

    private void Require(string name, CborMember found, string problem)
    {
        if (found == CborMember.Absent) Report(name, "missing");
        else if (found == CborMember.WrongType) Report(name, problem);
    }
}
