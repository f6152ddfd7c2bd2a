using System.Text.Json.Nodes;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>What the gateway says; nothing of it is signed.</summary>
internal static class WeChatAppAnswer
{
    public static JsonObject Ok => new() { ["errcode"] = 0, ["errmsg"] = "ok" };

    public static JsonObject BadRequest => Error(47001, "data format error");

    public static JsonObject BadSignature => Error(49004, "not match signature");

    public static JsonObject Error(int code, string message) => new() { ["errcode"] = code, ["errmsg"] = message };
}
