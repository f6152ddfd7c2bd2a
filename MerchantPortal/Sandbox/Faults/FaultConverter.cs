using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MerchantPortal.Sandbox.Faults;

internal sealed class FaultConverter() : ValueConverter<Fault, string>(fault => fault.Text, text => Fault.Parse(text) ?? Fault.None);
