namespace OcfCloud.Onvif.Soap;

/// <summary>An answer that says nothing but that it is one.</summary>
internal sealed class Acknowledgement
{
    private Acknowledgement()
    {
    }

    public static Acknowledgement It { get; } = new();
}
