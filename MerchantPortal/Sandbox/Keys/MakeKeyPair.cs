using System.Security.Cryptography;

namespace MerchantPortal.Sandbox.Keys;

/// <summary>Makes an RSA key pair for a gateway or a merchant, of the size that both WeChat Pay and Alipay ask for. The caller disposes it.</summary>
public delegate RSA MakeKeyPair();
