using OcfCloud.CloudApi.Devices;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudApi.Tests.Devices;

/// <summary>cloud-to-cloud.md, 1.3: the device's CoAP answer maps to HTTP.</summary>
public class AnswerStatusTests
{
    [Theory]
    [InlineData(201, 201)]
    [InlineData(202, 200)]
    [InlineData(203, 304)]
    [InlineData(204, 200)]
    [InlineData(205, 200)]
    [InlineData(400, 400)]
    [InlineData(401, 403)]
    [InlineData(402, 400)]
    [InlineData(403, 403)]
    [InlineData(404, 404)]
    [InlineData(405, 405)]
    [InlineData(406, 406)]
    [InlineData(408, 400)]
    [InlineData(409, 409)]
    [InlineData(412, 412)]
    [InlineData(413, 413)]
    [InlineData(415, 415)]
    [InlineData(422, 400)]
    [InlineData(429, 429)]
    [InlineData(431, 400)]
    [InlineData(500, 502)]
    [InlineData(501, 501)]
    [InlineData(502, 502)]
    [InlineData(503, 503)]
    [InlineData(504, 504)]
    [InlineData(505, 502)]
    [InlineData(508, 502)]
    [InlineData(300, 502)]
    [InlineData(0, 502)]
    public void Every_answer_of_a_device_has_a_status(int code, int status) => Assert.Equal(status, AnswerStatus.Of(code));

    [Theory]
    [InlineData(DeviceOutcome.UnknownDevice, false, 404)]
    [InlineData(DeviceOutcome.Offline, false, 504)]
    [InlineData(DeviceOutcome.NoAnswer, false, 504)]
    [InlineData(DeviceOutcome.Busy, false, 503)]
    [InlineData(DeviceOutcome.Forbidden, false, 403)]
    [InlineData(DeviceOutcome.BadPath, false, 400)]
    [InlineData(DeviceOutcome.TooLarge, true, 413)]
    [InlineData(DeviceOutcome.TooLarge, false, 502)]
    [InlineData(DeviceOutcome.Unreadable, false, 502)]
    public void Every_reason_for_no_answer_has_a_status(DeviceOutcome outcome, bool hasBody, int status) => Assert.Equal(status, AnswerStatus.Of(outcome, hasBody));
}
