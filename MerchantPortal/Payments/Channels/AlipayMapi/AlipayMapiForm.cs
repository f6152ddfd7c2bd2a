using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>
/// Reads the form of an account. <c>sign_type</c> says which keys are needed; the others are dropped, so that an account holds one way
/// of signing and no message can choose another.
/// </summary>
internal sealed partial class AlipayMapiForm
{
    internal const string Partner = "partner";
    internal const string SellerEmail = "seller_email";
    internal const string SignType = "sign_type";
    internal const string Key = "key";
    internal const string PrivateKey = "private_key";
    internal const string AlipayPublicKey = "alipay_public_key";
    internal const string Md5 = "MD5";
    internal const string Rsa = "RSA";

    /// <summary>The interface is from a time of short keys, and Alipay's own key for it has 1024 bits still.</summary>
    private const int MinimumBits = 1024;

    private readonly ChannelFormReader _form;

    private AlipayMapiForm(JsonObject form) => _form = new(form);

    internal static ChannelFormResult Read(JsonObject form) => new AlipayMapiForm(form).ReadAll();

    private ChannelFormResult ReadAll()
    {
        var partner = _form.Read(Partner, PartnerNumber(), "Enter the partner's number (PID, 合作者身份): 16 digits that begin with 2088.");
        if (_form.IsFilled(SellerEmail))
        {
            _form.Read(SellerEmail, Account(), "Enter the seller's Alipay account: an e-mail address or a mobile number.");
        }

        switch (_form.Text(SignType))
        {
            case Md5:
                _form.Keep(SignType, Md5);
                _form.ReadSecret(Key, SafetyCode(), "Paste the safety code (安全校验码, Key): exactly 32 letters and digits.");
                break;
            case Rsa:
                _form.Keep(SignType, Rsa);
                ReadKeyPair();
                break;
            default:
                _form.Refuse(SignType, "Choose MD5 or RSA, as the contract with Alipay says.");
                break;
        }

        return _form.Finish(merchantId: partner, appId: "");
    }

    private void ReadKeyPair()
    {
        var own = Readable(PrivateKey, KeyText.ReadPrivateKey(_form.Text(PrivateKey), MinimumBits), "Paste 商户私钥, the merchant's private key.");
        var alipay = Readable(AlipayPublicKey, KeyText.ReadPublicKey(_form.Text(AlipayPublicKey), MinimumBits), "Paste 支付宝公钥 of the old interface (MAPI).");
        if (alipay is not null && alipay.Fingerprint == own?.Fingerprint)
        {
            _form.Refuse(AlipayPublicKey, "This is the merchant's own public key (商户公钥). Paste 支付宝公钥 of the old interface (MAPI).");
        }
    }

    private KeyReadResult.Readable? Readable(string name, KeyReadResult result, string missing) => _form.ReadKey(name, result, unreadable => unreadable.Reason switch
    {
        KeyReadFailure.PublicInsteadOfPrivate => "This is a public key. Paste 商户私钥, the merchant's private key.",
        KeyReadFailure.PrivateInsteadOfPublic => "This is a private key. Paste 支付宝公钥, and replace the private key if others have seen it.",
        KeyReadFailure.Empty => missing,
        _ => unreadable.Message,
    });

    [GeneratedRegex("^2088[0-9]{12}\\z")]
    private static partial Regex PartnerNumber();

    [GeneratedRegex("^(?:[^\\s@=&\"]+@[^\\s@=&\"]+|[0-9]{6,20})\\z")]
    private static partial Regex Account();

    [GeneratedRegex("^[0-9A-Za-z]{32}\\z")]
    private static partial Regex SafetyCode();
}
