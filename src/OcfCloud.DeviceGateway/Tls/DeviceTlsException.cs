namespace OcfCloud.DeviceGateway.Tls;

/// <summary>A file that the device door's TLS cannot start with.</summary>
public sealed class DeviceTlsException : Exception
{
    /// <summary>Names the option and what is wrong with it.</summary>
    /// <param name="option">The member of <see cref="DeviceTlsOptions"/>.</param>
    /// <param name="message">One line for the operator.</param>
    /// <param name="innerException">What the file's reader said.</param>
    public DeviceTlsException(string option, string message, Exception? innerException = null)
        : base(message, innerException) => Option = option;

    /// <summary>The member of <see cref="DeviceTlsOptions"/> that is wrong; a list's member has its index (<c>TrustAnchors:0</c>).</summary>
    public string Option { get; }
}
