import { randomUUID } from "node:crypto";
import type { AccessApplication, AccessPolicy, Account } from "../../../store/cloudflare/account";
import { formatTimestamp } from "../../../store/store";
import { isObject } from "../../body";
import { answerPage, type CloudflareCall, type CloudflareOperation, readJsonBody } from "../../call";
import { invalidRequest, unknownObject } from "../../errors";
import { readPolicySettings, toPolicyWire } from "./policies";

const path = "/access/apps/{id}/policies";
const permission = "applications";

/**
 * Policies of one application alone, which are neither in the list of policies nor for other applications:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/policy-management/#legacy-policies
 */
export const applicationPolicyOperations: CloudflareOperation[] = [
  {
    call: `GET ${path}`,
    permission,
    query: ["page", "per_page"],
    handle: (call) =>
      answerPage(call, listApplicationPolicies(call.account, findApplication(call)), (policy) => policy),
  },
  {
    call: `POST ${path}`,
    permission,
    async handle(call) {
      const { policies } = findApplication(call);
      const sent = await readJsonBody(call);
      const { precedence = (policies.at(-1)?.precedence ?? 0) + 1, ...settings } = isObject(sent) ? sent : {};
      if (!Number.isInteger(precedence)) throw invalidRequest("precedence: must be a number");
      if (policies.some((link) => link.precedence === precedence))
        throw invalidRequest("policy precedences must be unique");
      const policy = addApplicationPolicy(call, settings);
      policies.push({ id: policy.id, precedence: Number(precedence) });
      policies.sort((one, other) => one.precedence - other.precedence);
      return { status: 201, result: { ...toPolicyWire(call.account, policy), precedence } };
    },
  },
  {
    call: `PUT ${path}/{policy}/make_reusable`,
    permission,
    handle(call) {
      const link = findApplication(call).policies.find(({ id }) => id === call.c.req.param("policy"));
      const policy = link && call.account.accessPolicies.get(link.id);
      if (!policy?.isLegacy) throw unknownObject("policy");
      delete policy.isLegacy;
      policy.updatedAt = formatTimestamp(call.store.now());
      return { status: 200, result: toPolicyWire(call.account, policy) };
    },
  },
];

function findApplication({ account, c }: CloudflareCall): AccessApplication {
  const application = account.accessApplications.get(c.req.param("id") ?? "");
  if (!application) throw unknownObject("application");
  return application;
}

/** Lists the policies of an application, its own and others, as the API shows them. */
export function listApplicationPolicies(account: Account, { policies }: AccessApplication) {
  return policies.flatMap(({ id, precedence }) => {
    const policy = account.accessPolicies.get(id);
    return policy ? [{ ...toPolicyWire(account, policy), precedence }] : [];
  });
}

/** Creates a policy of one application, which the caller links. @throws CloudflareError */
export function addApplicationPolicy(call: CloudflareCall, settings: unknown): AccessPolicy {
  const now = formatTimestamp(call.store.now());
  const read = readPolicySettings(call, settings);
  const policy = { ...read, isLegacy: true, id: randomUUID(), createdAt: now, updatedAt: now };
  call.account.accessPolicies.set(policy.id, policy);
  return policy;
}

/** Deletes those policies of an application that are its own. */
export function deleteApplicationPolicies(account: Account, links: AccessApplication["policies"]): void {
  for (const { id } of links) if (account.accessPolicies.get(id)?.isLegacy) account.accessPolicies.delete(id);
}
