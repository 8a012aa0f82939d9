namespace OcfCloud.Onvif.Soap;

/// <summary>What came of a SOAP call to a camera.</summary>
/// <typeparam name="T">What a good answer says.</typeparam>
public sealed class CallAnswer<T>
{
    private CallAnswer(CallOutcome outcome, T? value, SoapFault? fault) => (Outcome, Value, Fault) = (outcome, value, fault);

    /// <summary>How it ended.</summary>
    public CallOutcome Outcome { get; }

    /// <summary>With <see cref="CallOutcome.Done"/>.</summary>
    public T? Value { get; }

    /// <summary>With <see cref="CallOutcome.Fault"/>.</summary>
    public SoapFault? Fault { get; }

    /// <summary>A good answer.</summary>
    public static CallAnswer<T> Done(T value) => new(CallOutcome.Done, value, null);

    /// <summary>A fault.</summary>
    public static CallAnswer<T> Faulty(SoapFault fault) => new(CallOutcome.Fault, default, fault);

    /// <summary>No answer that can be used.</summary>
    public static CallAnswer<T> Without(CallOutcome outcome) => new(outcome, default, null);
}
