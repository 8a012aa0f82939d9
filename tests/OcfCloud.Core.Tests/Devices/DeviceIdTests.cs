using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tests;

public class DeviceIdTests
{
    [Theory]
    [InlineData("9CFBEB8E-5A1E-4D1C-9D01-00C04FD430C8", true)]
    [InlineData("9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8", true)]
    [InlineData("9cfbeb8e5a1e4d1c9d0100c04fd430c8", false)]
    [InlineData("{9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8}", false)]
    [InlineData(" 9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c", false)]
    [InlineData("9cfbeb8e-5a1e-4d1c-9d01-00c04fd430cg", false)]
    [InlineData("", false)]
    public void A_device_id_is_exactly_8_4_4_4_12_hexadecimal_digits(string text, bool valid)
    {
        Assert.Equal(valid, DeviceId.TryParse(text, out var id));
        if (valid)
            Assert.Equal("9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8", id.ToString());
    }
}
