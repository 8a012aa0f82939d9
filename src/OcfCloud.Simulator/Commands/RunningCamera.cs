using System.Security.Cryptography;
using OcfCloud.Simulator.Cameras;
using OcfCloud.Simulator.Cameras.Enrolment;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.DataFiles;

namespace OcfCloud.Simulator.Commands;

/// <summary>One camera of this process, with its right to its name.</summary>
internal sealed class RunningCamera : IDisposable
{
    private const string Kind = "camera";
    private readonly SimulatedNumber _number;
    private readonly Surroundings _surroundings;
    private readonly CameraEnrolment _enrolment;

    private RunningCamera(SimulatedNumber number, SimulatedCamera camera, Surroundings surroundings, TimeProvider time)
    {
        (_number, Camera, _surroundings) = (number, camera, surroundings);
        _enrolment = new CameraEnrolment(camera, time);
    }

    /// <summary>The camera itself.</summary>
    public SimulatedCamera Camera { get; }

    /// <summary>Takes the lowest free number and takes up the camera where it was left.</summary>
    public static RunningCamera Open(Surroundings surroundings, CameraChoices choices, CommandContext context)
    {
        var number = SimulatedNumber.Take(surroundings.Data, Kind);
        try
        {
            var memory = CameraMemory.Open(number.StatePath, () => choices.Identity with { SerialNumber = choices.Serial ?? AnySerial() });
            void Tell(string what) => context.Console.Output.WriteLine($"{number.Name}: {what}");
            var camera = new SimulatedCamera(number.Name, memory, choices.Misbehaviour, choices.Timing, context.Time, Tell);
            var identity = memory.Current.Identity;
            Tell($"{identity.Manufacturer} {identity.Model} {identity.SerialNumber}");
            return new RunningCamera(number, camera, surroundings, context.Time);
        }
        catch
        {
            number.Dispose();
            throw;
        }
    }

    /// <summary>Writes its PKCS#10 request, PEM.</summary>
    public async Task<int> WriteRequestAsync(string path, CancellationToken cancellationToken)
    {
        if (_enrolment.IsDone)
            throw new CommandFailedException($"{Camera.Name} is enrolled already, as {Camera.Memory.Current.EnrolledAs}.");
        await File.WriteAllTextAsync(path, PemEncoding.WriteString("CERTIFICATE REQUEST", _enrolment.SigningRequest()) + "\n", cancellationToken);
        return ExitCodes.Done;
    }

    /// <summary>Is enrolled, unless it was before.</summary>
    /// <exception cref="EnrolmentException">The cloud refused, or was not reached.</exception>
    public async Task EnrolAsync(CameraChoices choices, CancellationToken cancellationToken)
    {
        if (!_enrolment.IsDone)
            _enrolment.Apply(choices.Enrolment is { } file ? await ReadAsync(file, cancellationToken) : await AskAsync(cancellationToken), choices.Proof);
        Camera.Tell($"enrolled as {Camera.Memory.Current.EnrolledAs}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Camera.Dispose();
        _number.Dispose();
    }

    private static string AnySerial() => $"00408C{Convert.ToHexString(RandomNumberGenerator.GetBytes(3))}";

    private static async Task<Enrolled> ReadAsync(string file, CancellationToken cancellationToken) =>
        Enrolled.Read((await File.ReadAllLinesAsync(file, cancellationToken)).LastOrDefault(line => line.Length > 0) ?? "");

    private async Task<Enrolled> AskAsync(CancellationToken cancellationToken)
    {
        using var api = new CameraApi(_surroundings.Url(), _surroundings.CloudAnchors);
        var token = await _surroundings.UserTokenAsync(cancellationToken);
        try
        {
            return await api.EnrolAsync(token, _enrolment.SigningRequest(), cancellationToken);
        }
        catch (EnrolmentException e) when (e.IsKeyKnown)
        {
            // A kill between the cloud's answer and its being kept: that camera is nobody's.
            _enrolment.ForgetKey();
            return await api.EnrolAsync(token, _enrolment.SigningRequest(), cancellationToken);
        }
    }
}
