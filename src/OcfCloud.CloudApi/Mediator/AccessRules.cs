using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OcfCloud.Core.AccessRules;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Mediator;

/// <summary><c>/mediator/v1/access-rules</c>: which of the user's clients may do what with which device (device-to-cloud.md, 8).</summary>
internal static class AccessRules
{
    private static readonly (string Name, AccessOperations Operation)[] Operations =
    [
        ("create", AccessOperations.Create),
        ("retrieve", AccessOperations.Retrieve),
        ("update", AccessOperations.Update),
        ("delete", AccessOperations.Delete),
        ("notify", AccessOperations.Notify),
    ];

    public static async Task<IResult> GetAsync(HttpContext context, AccessRuleStore store) =>
        Written(await store.GetAsync(Caller.Of(context.User).User, context.RequestAborted));

    public static async Task<IResult> PutAsync(HttpContext context, AccessRuleStore store)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (json is not { ValueKind: JsonValueKind.Array } body)
        {
            return Problem.BadRequest("The body has to be an array of rules.");
        }

        if (body.GetArrayLength() > AccessRuleStore.MaxRules)
        {
            return Problem.BadRequest($"A user has at most {AccessRuleStore.MaxRules} rules.");
        }

        var rules = new List<AccessRule>(body.GetArrayLength());
        foreach (var element in body.EnumerateArray())
        {
            if (!TryRead(element, out var rule, out var refusal))
            {
                return Problem.BadRequest($"Rule {rules.Count}: {refusal}");
            }

            rules.Add(rule);
        }

        return await store.ReplaceAsync(Caller.Of(context.User).User, rules, context.RequestAborted)
            ? Written(rules)
            : Problem.Unauthorized(context, "The token's user is not there.");
    }

    internal static bool TryRead(JsonElement element, [NotNullWhen(true)] out AccessRule? rule, [NotNullWhen(false)] out string? refusal)
    {
        rule = null;
        refusal = null;
        if (element.ValueKind != JsonValueKind.Object)
        {
            refusal = "it has to be an object.";
            return false;
        }

        foreach (var member in element.EnumerateObject().Where(member => member.Name is not ("subject" or "device" or "href" or "allow")))
        {
            // A rule that says less than its author meant would open what should be closed.
            refusal = $"it has no member \"{member.Name}\".";
            return false;
        }

        if (!element.TryText("subject", out var subject) || !element.TryText("device", out var device) || !element.TryText("href", out var href))
        {
            refusal = "subject, device and href have to be texts.";
            return false;
        }

        if (!TryReadOperations(element, out var allow))
        {
            refusal = $"allow has to be an array of {string.Join(", ", Operations.Select(operation => operation.Name))}.";
            return false;
        }

        if (!AccessRule.TryCreate(subject, device, href, allow, out rule))
        {
            refusal = "subject has to be a device id, a client id or *, device a device id or *, href a path that may end in *.";
            return false;
        }

        return true;
    }

    private static bool TryReadOperations(JsonElement element, out AccessOperations allow)
    {
        allow = AccessOperations.None;
        if (!element.TryGetProperty("allow", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (!JsonBody.TryText(item, out var name) || Operations.FirstOrDefault(operation => operation.Name == name) is not { Operation: not AccessOperations.None } found)
            {
                return false;
            }

            allow |= found.Operation;
        }

        return true;
    }

    private static IResult Written(IReadOnlyList<AccessRule> rules) => Results.Json(rules.Select(rule => new AccessRuleEntry(
        rule.Subject,
        rule.Device?.ToString() ?? "*",
        rule.Href,
        Operations.Where(operation => rule.Allow.HasFlag(operation.Operation)).Select(operation => operation.Name))));
}
