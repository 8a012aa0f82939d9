namespace OcfCloud.Host.Settings;

/// <summary>How log events are written to the console.</summary>
internal enum LogFormat
{
    /// <summary>A line for people, the event's properties at its end.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
