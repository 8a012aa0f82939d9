using System.Text;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tests.Devices;

public class DeviceIdTests
{
    [Theory]
    [InlineData("9CFBEB8E-5A1E-4D1C-9D01-00C04FD430C8", true)]
    [InlineData("9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8", true)]
    [InlineData("9cfbeb8e5a1e4d1c9d0100c04fd430c8", false)]
    [InlineData("{9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8}", false)]
    [InlineData("(9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8)", false)]
    [InlineData(" 9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c", false)]
    [InlineData("9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8 ", false)]
    [InlineData("9cfbeb8e-5a1e-4d1c-9d01-00c04fd430cg", false)]
    [InlineData("9cfbeb8e-5a1e-4d1c-9d01-0xc04fd430c8", false)]
    [InlineData("+cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8", false)]
    [InlineData("9cfbeb8e--a1e-4d1c-9d01-00c04fd430c8", false)]
    [InlineData("9cfbeb8e-5a1e-4d1c-9d0-100c04fd430c8", false)]
    [InlineData("9cfbeb8e_5a1e_4d1c_9d01_00c04fd430c8", false)]
    [InlineData("\u0669cfbeb8e-5a1e-4d1c-9d01-00c04fd430c", false)]
    [InlineData("", false)]
    public void An_id_is_exactly_8_4_4_4_12_hexadecimal_digits(string text, bool valid)
    {
        Assert.Equal(valid, DeviceId.TryParse(text, out var device));
        Assert.Equal(valid, DeviceId.TryParse(Encoding.UTF8.GetBytes(text), out var ofBytes));
        Assert.Equal(valid, UserId.TryParse(text, out var user));
        Assert.Equal(valid, UserId.TryParse(Encoding.UTF8.GetBytes(text), out _));
        Assert.Equal(valid ? "9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8" : "00000000-0000-0000-0000-000000000000", device.ToString());
        Assert.Equal(device, ofBytes);
        Assert.Equal(device.ToString(), user.ToString());
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        var text = "9CFBEB8E-5A1E-4D1C-9D01-00C04FD430C8"u8.ToArray();
        Assert.True(DeviceId.TryParse(text, out _));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var parsed = true;
        for (var i = 0; i < 1000; i++) parsed &= DeviceId.TryParse(text, out _);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(parsed);
    }
}
