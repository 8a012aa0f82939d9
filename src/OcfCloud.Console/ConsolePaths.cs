namespace OcfCloud.Console;

/// <summary>The console's addresses.</summary>
internal static class ConsolePaths
{
    public const string LogIn = "/login";
    public const string LogOut = "/logout";
    public const string Register = "/register";
    public const string Devices = "/devices";
    public const string ConnectedClouds = "/connected-clouds";
    public const string LinkedClouds = "/linked-clouds";
    public const string Cameras = "/cameras";
    public const string Account = "/account";
    public const string Clients = "/administration/clients";
    public const string LinkableClouds = "/administration/linked-clouds";
    public const string Firmware = "/administration/firmware";
    public const string RefusedDevices = "/administration/refused-devices";
    public const string Audit = "/administration/audit";
    public const string Assets = "/assets";
}
