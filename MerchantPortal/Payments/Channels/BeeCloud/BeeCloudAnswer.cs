using System.Globalization;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>What BeeCloud answered to a REST call.</summary>
internal abstract record BeeCloudAnswer
{
    /// <param name="Code"><c>result_code</c>; 0 is good.</param>
    internal sealed record Told(int Code, BeeCloudJson Json) : BeeCloudAnswer
    {
        /// <summary>BeeCloud itself cannot tell what came of the call.</summary>
        public bool IsUncertain => Code is BeeCloudWire.ChannelError or BeeCloudWire.RuntimeError or BeeCloudWire.NetworkError;

        public string CodeText => Code.ToString(CultureInfo.InvariantCulture);

        public string Message => $"{Json.Text("result_msg")} {Json.Text("err_detail")}".Trim();
    }

    internal sealed record None(string Reason) : BeeCloudAnswer;

    public static BeeCloudAnswer Read(byte[] body) =>
        BeeCloudJson.Read(body).Json is { } json && int.TryParse(json.NumberToken("result_code"), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? new Told(code, json)
            : new None("BeeCloud's answer is not one.");
}

/// <summary>A bill as BeeCloud's query tells it. Amounts are 分.</summary>
/// <param name="TotalFee">Null when it cannot be read exactly.</param>
/// <param name="TradeNo">The channel's number; null while unpaid.</param>
internal sealed record BeeCloudBill(string Number, long? TotalFee, string? TradeNo, bool IsPaid, bool IsReverted, string? SubChannel)
{
    /// <summary>When a bill of ours ends; null where BeeCloud does not hand back what we gave it.</summary>
    public DateTimeOffset? EndsAt { get; private init; }

    /// <returns>The bills with this very number; null when one of them cannot be read.</returns>
    public static List<BeeCloudBill>? ReadAll(BeeCloudJson answer, string number)
    {
        var bills = new List<BeeCloudBill>();
        foreach (var json in answer.Objects("bills").Where(json => BeeCloudJson.Text(json, "bill_no") == number))
        {
            if (BeeCloudJson.Flag(json, "spay_result") is not { } isPaid)
            {
                return null;
            }

            bills.Add(new(number, BeeCloudJson.Fen(json, "total_fee"), BeeCloudJson.Text(json, "trade_no") is { Length: > 0 and <= 64 } trade ? trade : null,
                isPaid, BeeCloudJson.Flag(json, "revert_result") == true, BeeCloudJson.Text(json, "sub_channel"))
            { EndsAt = ReadEnd(BeeCloudJson.Text(json, "optional")) });
        }

        return bills;
    }

    private static DateTimeOffset? ReadEnd(string? optional)
    {
        if (string.IsNullOrEmpty(optional) || BeeCloudJson.Read(System.Text.Encoding.UTF8.GetBytes(optional)).Json is not { } json)
        {
            return null;
        }

        return json.Text(BeeCloudWire.EndsAt) is { } text && BeeCloudWire.Milliseconds().IsMatch(text)
            ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture))
            : null;
    }
}
