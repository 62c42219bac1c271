import { fetch } from "undici";
import { contoso, startTwin } from "../twin/index";
import { createGroupId, createReviewSeed, type ReviewSize } from "./review-seed";

/** The message of the process once everything is there. */
export interface ReviewTwinInfo {
  readonly metadataHost: string;
  readonly cloudflareUrl: string;
  readonly caFile: string;
}

/** Runs a twin with directory, access rules and applications in its own process. */
async function main(size: ReviewSize): Promise<void> {
  const twin = await startTwin({ seed: createReviewSeed(size) });
  const create = async (path: string, body: object): Promise<string> => {
    const answer = await fetch(`${twin.cloudflareUrl}/accounts/${contoso.accountId}/access${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${contoso.tokens.administrator.value}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return ((await answer.json()) as { result: { id: string } }).result.id;
  };
  const provider = await create("/identity_providers", {
    name: "Entra ID",
    type: "azureAD",
    config: {
      client_id: contoso.auditor.appId,
      client_secret: "of no consequence here",
      directory_id: contoso.tenantId,
      support_groups: true,
    },
  });
  const entra = (index: number) => ({
    azureAD: { id: createGroupId(index % size.groups), identity_provider_id: provider },
  });
  // Every Entra group is in one Access group, and every Access group in a policy.
  const groups: string[] = [];
  for (let index = 0; index < size.groups; index += 2)
    groups.push(
      await create("/groups", {
        name: `group ${index}`,
        include: [entra(index), entra(index + 1)],
        ...(index % 10 === 0 && { exclude: [entra(index + 7)] }),
      }),
    );
  for (let index = 0; index < size.applications; index++) {
    const policies: string[] = [];
    for (const number of [0, 1])
      policies.push(
        await create("/policies", {
          name: `policy ${index} ${number}`,
          decision: index % 25 === 3 && number === 0 ? "deny" : "allow",
          include: [
            { group: { id: groups[(2 * index + number) % groups.length] } },
            ...(index % 50 === 9 ? [{ everyone: {} }] : []),
          ],
          ...(index % 5 === 1 && { require: [{ geo: { country_code: "DE" } }] }),
        }),
      );
    const domain = `application-${index}.contoso.example`;
    await create("/apps", { type: "self_hosted", name: domain, domain, policies, allowed_idps: [provider] });
  }
  const { metadataHost, cloudflareUrl, caFile } = twin;
  process.on("disconnect", () => void twin.close());
  process.send?.({ metadataHost, cloudflareUrl, caFile } satisfies ReviewTwinInfo);
}

const [people = 0, groups = 0, applications = 0] = process.argv.slice(2).map(Number);
void main({ people, groups, applications });
