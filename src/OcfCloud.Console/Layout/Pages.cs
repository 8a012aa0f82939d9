using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OcfCloud.Console.Layout;

/// <summary>Pages as answers.</summary>
internal static class Pages
{
    /// <summary>Renders a page.</summary>
    public static IResult Of<TPage>(object? parameters = null, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new RazorComponentResult<TPage>(parameters ?? new { }) { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>A page that says one thing.</summary>
    public static IResult Message(int status, string title, string text) => Of<MessagePage>(new { Title = title, Text = text }, status);
}
