using MerchantPortal.Accounts;

namespace MerchantPortal.Cases;

/// <summary>What a person does with a case.</summary>
public sealed class CaseDesk(AssignCase assign, ResolveCase resolve)
{
    public Task<bool> AssignAsync(Guid caseId, bool toMe, Actor actor) => assign.ExecuteAsync(caseId, toMe, actor, CancellationToken.None);

    public Task<ResolveCaseResult> ResolveAsync(Guid caseId, CaseResolution resolution, string reason, Actor actor) =>
        resolve.ExecuteAsync(caseId, resolution, reason, actor, CancellationToken.None);
}
