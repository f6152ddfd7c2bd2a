using MerchantPortal.Cases.Pages;

namespace MerchantPortal.Cases;

public static class CasesFeature
{
    public static IServiceCollection AddCases(this IServiceCollection services) => services
        .AddSingleton<CaseQueries>()
        .AddSingleton<AssignCase>()
        .AddSingleton<ResolveCase>()
        .AddSingleton<CaseDesk>()
        .AddScoped<CaseWords>();
}
