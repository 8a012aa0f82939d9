namespace OcfCloud.CloudLinking.Targets;

/// <summary>What the answer to a request speaks of: the trouble of one device must not be taken for that of its cloud.</summary>
internal enum TargetSubject
{
    /// <summary>The cloud: its failures count.</summary>
    Cloud,

    /// <summary>One device or resource of it, in the cloud's own words: a 401 is the cloud's, but a 5xx or silence need not be.</summary>
    OneDevice,

    /// <summary>One device, perhaps in the device's own words: a 401 need not be the cloud's either.</summary>
    Device,
}
