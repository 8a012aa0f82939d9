using OcfCloud.Fuzzing.Targets.Cameras;
using OcfCloud.Fuzzing.Targets.Clouds;
using OcfCloud.Fuzzing.Targets.Coap;
using OcfCloud.Fuzzing.Targets.Payloads;

namespace OcfCloud.Fuzzing.Targets;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new FrameTarget(),
        new ConnectionTarget(),
        new OptionTarget(),
        new BlockTarget(),
        new CborTarget(),
        new JsonTarget(),
        new BodyTarget(),
        new LinkTarget(),
        new SoapTarget(),
        new SharingTarget(),
        new CloudApiTarget(),
        new CloudAnswerTarget(),
        new ProxyTarget(),
    ];

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
