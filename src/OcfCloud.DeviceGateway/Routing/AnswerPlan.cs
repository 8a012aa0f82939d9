using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>What has to be done with a device's answer, found in one walk over its options. Allocates nothing.</summary>
/// <param name="IsInPlace">It can be copied from buffer to buffer: in OCF's own format and whole.</param>
/// <param name="Format">Its format; null: not said.</param>
/// <param name="IsObserved">It carries Observe.</param>
internal readonly record struct AnswerPlan(bool IsInPlace, uint? Format, bool IsObserved)
{
    public static AnswerPlan Of(in CoapFrame answer)
    {
        var isInPlace = answer.Code != CoapCode.Continue;
        uint? format = null;
        var isObserved = false;
        var options = answer.ReadOptions();
        while (options.MoveNext())
        {
            var option = options.Current;
            switch ((CoapOptionNumber)option.Number)
            {
                case CoapOptionNumber.ContentFormat:
                    format = option.TryGetUInt32(out var value) ? value : uint.MaxValue;
                    isInPlace &= format == CoapContentFormat.OcfCbor;
                    break;
                case CoapOptionNumber.Observe:
                    isObserved = true;
                    break;
                case CoapOptionNumber.Block1 or CoapOptionNumber.Block2:
                    isInPlace = false;
                    break;
            }
        }

        return new AnswerPlan(isInPlace, format, isObserved);
    }
}
