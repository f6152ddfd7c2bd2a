using System.Text.Json.Nodes;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>What the gateway says: always HTTP 200, never signed.</summary>
internal static class BeeCloudAnswer
{
    public static JsonObject Ok() => Of(0, "OK", "");

    public static JsonObject AppInvalid() => Of(1, "APP_INVALID", "app_id or app_sign is invalid, or the timestamp is too old");

    public static JsonObject Parameter(string detail) => Of(5, "PARAM_INVALID", detail);

    public static JsonObject Of(int code, string message, string detail) => new() { ["result_code"] = code, ["result_msg"] = message, ["err_detail"] = detail };
}
