namespace MerchantPortal.Payments.Channels;

/// <summary>How the payer is led to the gateway.</summary>
public enum PaymentMethod
{
    Native,
    H5,
    Jsapi,
    App,
    Page,
    Wap,
    Precreate,
    Button,
}
