using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Capture = MerchantPortal.Payments.Notifications.Capture;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>A stored message, sent once more as a stranger would: with something changed, and nothing signed anew.</summary>
internal static partial class Sent
{
    internal sealed record Message(string Query, Dictionary<string, string> Headers, string Body);

    public static HttpRequestMessage Of(Capture capture, Func<Message, Message> change)
    {
        // Latin-1 keeps every byte.
        var message = change(new Message(capture.QueryString, JsonSerializer.Deserialize<Dictionary<string, string>>(capture.HeadersJson.ToString()) ?? [], Encoding.Latin1.GetString(capture.Body)));
        var request = new HttpRequestMessage(HttpMethod.Post, capture.Path + message.Query) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(message.Body)) };
        foreach (var (name, value) in message.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    /// <summary>Wherever the protocol keeps its signature: header, form field, XML element, JSON member.</summary>
    public static Message WithoutSignature(Message message) => message with
    {
        Query = FormSign().Replace(message.Query, "$1"),
        Headers = message.Headers.ToDictionary(header => header.Key, header => header.Key == "wechatpay-signature" ? "" : header.Value),
        Body = JsonSign().Replace(XmlSign().Replace(FormSign().Replace(message.Body, "$1"), "<sign></sign>"), "\"$1\":\"\""),
    };

    /// <summary>The first field again, with another value; where a reader takes the last one, another message than was signed.</summary>
    public static Message WithAFieldTwice(Message message) =>
        message.Query.Length > 1 ? message with { Query = $"{message.Query}&{message.Query[1..].Split('=')[0]}=1" }
        : message.Body.StartsWith('<') ? message with { Body = message.Body.Replace("</xml>", "<total_fee>1</total_fee></xml>", StringComparison.Ordinal) }
        : message.Body.StartsWith('{') ? message with { Body = string.Concat(message.Body.AsSpan(0, message.Body.LastIndexOf('}')), $",{message.Body[1..message.Body.IndexOf(':', StringComparison.Ordinal)]}:1}}") }
        : message with { Body = $"{message.Body}&{message.Body.Split('=')[0]}=1" };

    [GeneratedRegex("((?:^|[?&])sign=)[^&]*")]
    private static partial Regex FormSign();

    [GeneratedRegex("<sign>.*?</sign>", RegexOptions.Singleline)]
    private static partial Regex XmlSign();

    [GeneratedRegex("\"(sign|signature)\"\\s*:\\s*\"[^\"]*\"")]
    private static partial Regex JsonSign();
}
