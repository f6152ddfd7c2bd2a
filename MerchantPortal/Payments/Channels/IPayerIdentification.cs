namespace MerchantPortal.Payments.Channels;

/// <summary>A channel that learns who the payer is by sending the browser to the gateway and back (WeChat's OAuth 2.0, <c>snsapi_base</c>).</summary>
public interface IPayerIdentification
{
    /// <summary>False where the account lacks what this needs (<c>app_secret</c>).</summary>
    bool CanIdentify { get; }

    /// <summary>Where the browser goes.</summary>
    /// <param name="returnUrl">Where it comes back to, with <c>code</c> and <c>state</c>.</param>
    /// <param name="state">At most 128 letters and digits; handed back as it is.</param>
    Uri AuthorizeUrl(Uri returnUrl, string state);

    /// <param name="code">As the browser brought it back; good for one call.</param>
    Task<PayerIdentity> IdentifyAsync(string code, CancellationToken cancellationToken);
}

/// <summary>Who the payer is.</summary>
public abstract record PayerIdentity
{
    public sealed record Known(string OpenId) : PayerIdentity;

    /// <summary>The gateway does not take the code; the way through the gateway starts anew.</summary>
    public sealed record Refused(string Code, string Message) : PayerIdentity;

    /// <summary>Cannot tell: time-out, 5xx.</summary>
    public sealed record Unknown(string Reason) : PayerIdentity;
}
