using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <content>The key pair and its certification request.</content>
internal sealed partial class CameraSetUp
{
    private const string P256 = "secp256r1";
    private const string P384 = "secp384r1";
    private const string Rsa = "rsa";
    private const int MaxCommonNameLength = 64;

    private static readonly TimeSpan MaxFirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StatusRest = TimeSpan.FromSeconds(1);

    private CameraObject? Key => hand.Objects.Find(one => one.Kind == CameraObjectKind.Key);

    private async Task<TurnEnd?> KeyAsync(CancellationToken cancellationToken)
    {
        if (hand.Share.CertificationRequest is not null) return null;
        if (Key is { Handle: null } lost && _view.Keys?.FirstOrDefault(one => one.Alias == hand.Mark) is { } found)
        {
            await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Key, Name = lost.Name, Handle = found.KeyId, IsOurs = true }, OperationOf(lost.Name), cancellationToken);
        }

        if (Key is not { Handle: not null } && await MakeKeyAsync(cancellationToken) is { } end) return end;
        return await WaitForKeyAsync(cancellationToken);
    }

    private async Task<TurnEnd?> MakeKeyAsync(CancellationToken cancellationToken)
    {
        var begun = Key?.Name;
        var bits = CameraFitness.RsaBitsOf(_view.SecurityCapabilities);
        var rsa = begun is not null && IsRsa(begun) ? begun : $"{Rsa}{bits}";
        string[] kinds = (CameraFitness.IsEccKnown(_view.SecurityCapabilities), bits) switch
        {
            (true, null) => [P256, P384],
            (true, _) => [P256, P384, rsa],
            (_, null) => [],
            _ => [rsa],
        };
        foreach (var kind in kinds.SkipWhile(one => begun is not null && one != begun))
        {
            await hand.IntendAsync(CameraObjectKind.Key, kind, cancellationToken);
            var call = IsRsa(kind) ? SecurityCalls.CreateRsaKeyPair(bits!.Value, hand.Mark) : SecurityCalls.CreateEccKeyPair(kind, hand.Mark);
            var answer = await session.AskAsync(call, cancellationToken);
            if (answer.Outcome == CallOutcome.Done)
            {
                await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Key, Name = kind, Handle = answer.Value!.KeyId, IsOurs = true }, call.Operation, cancellationToken);
                var wait = !IsRsa(kind) && answer.Value.EstimatedTime > MaxFirstWait ? MaxFirstWait : answer.Value.EstimatedTime;
                return wait > TimeSpan.Zero ? TurnEnd.Until(hand.Now + (wait < options.KeyGenerationTimeout ? wait : options.KeyGenerationTimeout)) : null;
            }

            if (answer.Fault is not { } fault || !(fault.Has("UnsupportedEllipticCurve") || fault.Has("KeyLength"))) return TurnEnd.Of(call.Operation, answer);
            await hand.ForgetAsync(Key!, null, cancellationToken);
        }

        return TurnEnd.Fail("The camera makes no key that is good enough.");
    }

    private async Task<TurnEnd?> WaitForKeyAsync(CancellationToken cancellationToken)
    {
        var key = Key!;
        var answer = await session.AskAsync(SecurityCalls.GetKeyStatus(key.Handle!), cancellationToken);
        if (IsGone(answer)) return await ReplaceLostKeyAsync(cancellationToken);
        if (answer.Outcome != CallOutcome.Done) return TurnEnd.Of("GetKeyStatus", answer);
        if (answer.Value!.Status == KeyStatus.Ok) return null;
        if (answer.Value.Status == KeyStatus.Corrupt) return await AnotherKeyAsync(cancellationToken);
        var since = hand.Steps.FindLast(step => step.Name == OperationOf(key.Name))?.At ?? hand.Share.CreatedAt;
        return hand.Now - since < options.KeyGenerationTimeout ? TurnEnd.Until(hand.Now + StatusRest) : TurnEnd.Fail("The camera did not make a key in time.");
    }

    // Once: a camera that breaks two keys breaks the third.
    private async Task<TurnEnd?> AnotherKeyAsync(CancellationToken cancellationToken)
    {
        if (hand.Steps.Exists(step => step.Name == "DeleteKey")) return TurnEnd.Fail("The camera makes only keys that are corrupt.");
        var call = SecurityCalls.DeleteKey(Key!.Handle!);
        var answer = await session.AskAsync(call, cancellationToken);
        if (answer.Outcome != CallOutcome.Done && !IsGone(answer)) return TurnEnd.Of(call.Operation, answer);
        await hand.ForgetAsync(Key, call.Operation, cancellationToken);
        return TurnEnd.Until(hand.Now);
    }

    // As if it had been deleted here: perhaps it was, and the answer was lost.
    private async Task<TurnEnd?> ReplaceLostKeyAsync(CancellationToken cancellationToken)
    {
        if (hand.Steps.Exists(step => step.Name == "DeleteKey")) return TurnEnd.Fail("The camera keeps none of the keys that it makes.");
        await hand.ForgetAsync(Key!, "DeleteKey", cancellationToken);
        return TurnEnd.Until(hand.Now);
    }

    private async Task<TurnEnd?> RequestAsync(CancellationToken cancellationToken)
    {
        if (hand.Share.CertificationRequest is not null) return null;
        var key = Key!;
        var clientId = Wanted.AuthorizationServerConfigurations[0].ClientId;
        var name = clientId.Length <= MaxCommonNameLength ? clientId : clientId[..MaxCommonNameLength];
        var subject = new CsrSubject(name, NullIfEmpty(_view.Information.Manufacturer), NullIfEmpty(_view.Information.SerialNumber));
        var answer = await AskAsync(subject);
        if (answer.Fault?.Has("InvalidSubject") == true) answer = await AskAsync(new CsrSubject(name, null, null));
        if (answer.Fault?.Has("InvalidKeyStatus") == true) return await AnotherKeyAsync(cancellationToken);
        if (IsGone(answer)) return await ReplaceLostKeyAsync(cancellationToken);
        if (answer.Outcome != CallOutcome.Done) return TurnEnd.Of("CreatePKCS10CSR", answer);
        if (!IsRequest(answer.Value!)) return TurnEnd.Fail("The camera made a certification request that does not verify.");
        await hand.WriteAsync((_, share) => share.CertificationRequest = answer.Value, "CreatePKCS10CSR", null, cancellationToken);
        return null;

        Task<CallAnswer<byte[]>> AskAsync(CsrSubject of) => session.AskAsync(SecurityCalls.CreatePkcs10Csr(of, key.Handle!, AlgorithmOf(key.Name)), cancellationToken);
    }

    private static bool IsGone<T>(CallAnswer<T> answer) => answer.Fault?.Has("KeyID") == true;

    private static bool IsRsa(string kind) => kind.StartsWith(Rsa, StringComparison.Ordinal);

    private static string OperationOf(string kind) => IsRsa(kind) ? "CreateRSAKeyPair" : "CreateECCKeyPair";

    private static string AlgorithmOf(string kind) => kind switch
    {
        _ when IsRsa(kind) => SecurityCalls.RsaWithSha256,
        P384 => SecurityCalls.EcdsaWithSha384,
        _ => SecurityCalls.EcdsaWithSha256,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static bool IsRequest(byte[] der)
    {
        try
        {
            CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
