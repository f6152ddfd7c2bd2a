namespace MerchantPortal.Data;

/// <summary>What the texts that <see cref="PackedText"/> packs have in common.</summary>
internal static class KnownText
{
    /// <summary>
    /// Never to be changed: every text that was packed with it refers into it. Better words are a second text, with a first byte of its own.
    /// </summary>
    public const string First =
        "[{\"Step\":\"received\",\"Ok\":true,\"Detail\":\"Judged by its time of arrival.\",\"Values\":{\"bytes\":\""
        + """{"Step":"headers","Ok":true,"Detail":"Flat XML with every field once.","Values":"""
        + """{"Step":"signature","Ok":true,"Detail":"Signed with the account's key.","Values":null},"""
        + "\"Detail\":\"Signed by Alipay.\",\"Values\":{\"sign_type\":\"RSA2\",\"charset\":\"utf-8\",\"notify_id\":\""
        + "{\"Step\":\"order\",\"Ok\":false,\"Detail\":\"No payment attempt has this number.\",\"Values\":{\"out_trade_no\":\""
        + """{"Step":"state_rule","Ok":true,"Detail":"duplicate","Values":{"order":"Paid","attempt":"Paid","message":"RefundSucceeded"}},{"Step":"effect","Ok":true,"Detail":"nothing to write","Values":null}]"""
        + "\"before\":\"Paid\",\"after\":\"Refunded\"},{\"entity\":\"refund\",\"key\":\"\",\"field\":\"RefundedAmount\",\"before\":\"0\",\"after\":\"Succeeded\"},"
        + """{"content-type":"application/x-www-form-urlencoded; charset=utf-8"}"""
        + "{\"wechatpay-timestamp\":\"17\",\"wechatpay-nonce\":\"\",\"wechatpay-serial\":\"PUB_KEY_ID_01\",\"wechatpay-signature\":\""
        + """==","wechatpay-signature-type":"WECHATPAY2-SHA256-RSA2048","content-type":"application/json"}"""
        + """[{"Step":"received","Ok":true,"Detail":"Captured as it arrived.","Values":{"bytes":"1014","content_type":"application/json","request_id":"–"}},"""
        + """{"Step":"headers","Ok":true,"Detail":"All signature headers are present.","Values":{"wechatpay-timestamp":"17","wechatpay-nonce":"","wechatpay-serial":"PUB_KEY_ID_01"}},"""
        + """{"Step":"key_chosen","Ok":true,"Detail":"The key is one of this account's ring.","Values":{"serial":"PUB_KEY_ID_01"}},"""
        + """{"Step":"freshness","Ok":true,"Detail":"Signed within the allowed time.","Values":{"age_seconds":"1"}},"""
        + "{\"Step\":\"signed_text\",\"Ok\":true,\"Detail\":\"timestamp ⏎ nonce ⏎ body ⏎\",\"Values\":{\"body_sha256\":\""
        + "\"}},{\"Step\":\"signature\",\"Ok\":true,\"Detail\":\"Valid.\",\"Values\":null},"
        + "{\"Step\":\"decrypt\",\"Ok\":true,\"Detail\":\"Opened with the APIv3 key.\",\"Values\":{\"event_type\":\"TRANSACTION.SUCCESS\",\"original_type\":\"transaction\",\"id\":\""
        + "\"}},{\"Step\":\"parse\",\"Ok\":true,\"Detail\":\"Read.\",\"Values\":{\"kind\":\"PaymentSucceeded\",\"out_trade_no\":\""
        + "\",\"transaction_id\":\"4200000000\",\"payer\":\"****"
        + "\"}},{\"Step\":\"order\",\"Ok\":true,\"Detail\":\"The number is one of ours.\",\"Values\":{\"out_trade_no\":\""
        + "\"}},{\"Step\":\"amount\",\"Ok\":true,\"Detail\":\"equal\",\"Values\":{\"expected\":\"00 (¥.00)\",\"received\":\"00 (¥.00)\"}},"
        + """{"Step":"currency","Ok":true,"Detail":"equal","Values":{"expected":"CNY","received":"CNY"}},"""
        + """{"Step":"app","Ok":true,"Detail":"equal","Values":{"expected":"wx","received":"wx"}},"""
        + """{"Step":"merchant","Ok":true,"Detail":"equal","Values":{"expected":"1","received":"1"}},"""
        + """{"Step":"state_rule","Ok":true,"Detail":"paid","Values":{"order":"Pending","attempt":"Prompted","message":"PaymentSucceeded"}},"""
        + """{"Step":"effect","Ok":true,"Detail":"order paid","Values":null}]"""
        + """[{"entity":"order","key":"M26","field":"Status","before":"Pending","after":"Paid"},{"entity":"order","key":"M26"""
        + "\",\"field\":\"PaidAmount\",\"before\":\"0\",\"after\":\"00\"},{\"entity\":\"order\",\"key\":\"M26"
        + "\",\"field\":\"PaidAt\",\"before\":null,\"after\":\"2026-\"},{\"entity\":\"attempt\",\"key\":\"M26"
        + "\",\"field\":\"Status\",\"before\":\"Prompted\",\"after\":\"Paid\"},{\"entity\":\"attempt\",\"key\":\"M26"
        + "\",\"field\":\"ChannelTransactionId\",\"before\":null,\"after\":\"4200000000\"},{\"entity\":\"attempt\",\"key\":\"M26"
        + "\",\"field\":\"PaidAt\",\"before\":null,\"after\":\"2026-\"},{\"entity\":\"payment\",\"key\":\"4200000000"
        + "\",\"field\":\"Amount\",\"before\":null,\"after\":\"00\"},{\"entity\":\"payment\",\"key\":\"4200000000"
        + "\",\"field\":\"IsSurplus\",\"before\":null,\"after\":\"False\"}]";
}
