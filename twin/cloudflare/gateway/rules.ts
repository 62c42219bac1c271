import { randomInt } from "node:crypto";
import { z } from "zod";
import type { Account } from "../../store/cloudflare/account";
import type { GatewayRule } from "../../store/cloudflare/networks";
import { validateBody } from "../body";
import { readJsonBody } from "../call";
import { createOperations, type ItemSettings } from "../collection";
import { CloudflareError, cloudflareNotServed } from "../errors";
import { findUnservedCondition } from "./traffic";

/** Settings of policies about users, devices or other traffic, which the twin does not serve. */
const NOT_SERVED = ["identity", "device_posture", "expiration", "rule_settings", "schedule"] as const;
const setting = z.unknown().optional();

const body = z.strictObject({
  name: z.string().min(1),
  description: z.string().nullish(),
  action: z.string(),
  filters: z.array(z.string()),
  enabled: z.boolean().default(false),
  precedence: z.int().min(0).optional(),
  traffic: z.string().min(1),
  identity: setting,
  device_posture: setting,
  expiration: setting,
  rule_settings: setting,
  schedule: setting,
});

const READ_ONLY = {
  "": ["id", "version", "created_at", "updated_at", "deleted_at", "read_only", "sharable", "source_account"],
};

const invalidRule = (why: string) => new CloudflareError(400, 1001, why);

/** Network policies: https://developers.cloudflare.com/api/resources/zero_trust/subresources/gateway/subresources/rules/ */
export const gatewayRuleOperations = createOperations<GatewayRule>({
  path: "/gateway/rules",
  permission: "gateway",
  conventions: { changeMethod: "PUT", createdStatus: 200, deletedStatus: 200, isPaginated: false },
  getItems: (account) => account.gatewayRules,
  createUnknownError: () => new CloudflareError(404, 1001, "rule not found"),
  async readSettings(call, stored): Promise<ItemSettings<GatewayRule>> {
    const echo = stored && { shown: toWire(call.account, stored), readOnly: READ_ONLY };
    const sent = validateBody(call, body, await readJsonBody(call), echo, invalidRule);
    const refuse = (what: string) => cloudflareNotServed(call.c.req, what);
    const { name, action, filters, enabled, traffic } = sent;
    if (filters.join() !== "l4") throw refuse(`filters ${filters.join()}`);
    if (action !== "allow" && action !== "block") throw refuse(`action ${action}`);
    const more = NOT_SERVED.find((name) => sent[name]);
    if (more) throw refuse(more);
    const part = findUnservedCondition(traffic);
    if (part !== undefined) throw refuse(`traffic ${part}`);
    return {
      name,
      action,
      enabled,
      traffic,
      description: sent.description ?? "",
      precedence: choosePrecedence(call.account, sent.precedence ?? stored?.precedence, stored),
      version: (stored?.version ?? 0) + 1,
    };
  },
  toWire,
  compare: (one, other) => one.precedence - other.precedence,
});

/** https://developers.cloudflare.com/cloudflare-one/traffic-policies/order-of-enforcement/#precedence-calculations */
function choosePrecedence({ gatewayRules }: Account, requested?: number, own?: GatewayRule): number {
  const taken = [...gatewayRules.values()].filter((rule) => rule !== own).map((rule) => rule.precedence);
  if (requested === undefined)
    return taken.length === 0 ? 1000 : Math.max(...taken) + 1000 + randomInt(1, 101);
  if (taken.includes(requested)) throw new CloudflareError(409, 1001, "precedence is already in use");
  return requested;
}

function toWire({ id: account }: Account, rule: GatewayRule): Record<string, unknown> {
  return {
    id: rule.id,
    name: rule.name,
    description: rule.description || null,
    action: rule.action,
    filters: ["l4"],
    enabled: rule.enabled,
    precedence: rule.precedence,
    traffic: rule.traffic,
    identity: "",
    device_posture: "",
    expiration: null,
    rule_settings: null,
    schedule: null,
    version: rule.version,
    created_at: rule.createdAt,
    updated_at: rule.updatedAt,
    deleted_at: null,
    read_only: false,
    sharable: false,
    source_account: account,
  };
}
