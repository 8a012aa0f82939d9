using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Tests.Payloads;

public sealed class OcfUuidTests
{
    [Theory]
    [InlineData("987e6543-a21f-10d1-a112-421345746237", true)]
    [InlineData("987E6543-A21F-10D1-A112-421345746237", true)]
    [InlineData("{987e6543-a21f-10d1-a112-421345746237}", false)]
    [InlineData("987e6543a21f10d1a112421345746237", false)]
    [InlineData(" 987e6543-a21f-10d1-a112-42134574623", false)]
    [InlineData(null, false)]
    public void Only_the_written_form_of_OCF_is_taken(string? text, bool taken) => Assert.Equal(taken, OcfUuid.TryParse(text, out _));
}
