using System.Text.Json;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>The script that a shop's page loads: <c>BC.click(data, event)</c> and the event <c>beecloud:onready</c>.</summary>
internal static class ButtonScript
{
    /// <param name="appId">As the address of the script has it.</param>
    /// <param name="cashier">Where a click leads.</param>
    public static string Of(string appId, string cashier) => $$"""
        (function () {
            "use strict";
            var appId = {{JsonSerializer.Serialize(appId)}};
            var cashier = {{JsonSerializer.Serialize(cashier)}};
            var wanted = ["out_trade_no", "title", "amount", "sign"];
            var taken = wanted.concat(["return_url", "instant_channel", "openid"]);

            function click(data, event) {
                var missing = wanted.filter(function (name) { return !data || !data[name]; });
                if (missing.length > 0) {
                    if (event && event.dataError) {
                        event.dataError({ ERROR: "missing: " + missing.join(", ") });
                    }
                    return;
                }

                var query = new URLSearchParams({ appId: appId });
                taken.forEach(function (name) {
                    if (data[name]) {
                        query.set(name, data[name]);
                    }
                });
                if (data.optional) {
                    query.set("optional", typeof data.optional === "string" ? data.optional : JSON.stringify(data.optional));
                }
                window.location.assign(cashier + "?" + query.toString());
            }

            window.BC = { click: click };
            document.dispatchEvent(new Event("beecloud:onready"));
        }());
        """;
}
