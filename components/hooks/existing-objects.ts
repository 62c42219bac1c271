import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { getOwn } from "../map-values";
import { ALL_ITEMS, createSearchHook } from "./search-hook";

type Inputs = Readonly<Record<string, unknown>>;

/** A kind of object with an identity of which Cloudflare takes no second one. */
interface UniqueKind {
  /** Names the identity, for a message. */
  describe(inputs: Inputs): string;
  list(accountId: string): Promise<{ results: readonly object[] }>;
  isSame(existing: Inputs, inputs: Inputs): boolean;
  /** The advice in place of an import, for an object that is probably another thing. */
  readonly alternative?: string;
}

const hasSame =
  (...keys: string[]): UniqueKind["isSame"] =>
  (existing, inputs) =>
    keys.every((key) => existing[key] === inputs[key]);

const UNIQUE_KINDS: Readonly<Record<string, UniqueKind>> = {
  "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider": {
    describe: () => "an identity provider for one-time PINs",
    list: (accountId) => cloudflare.getZeroTrustAccessIdentityProviders({ accountId, ...ALL_ITEMS }),
    isSame: hasSame("type"),
  },
  "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": {
    describe: (inputs) =>
      inputs.type === "warp"
        ? "an application for the enrollment of devices"
        : `an application with the host name ${listHostnames(inputs).join(" or ")}`,
    list: (accountId) => cloudflare.getZeroTrustAccessApplications({ accountId, ...ALL_ITEMS }),
    isSame(existing, inputs) {
      if (inputs.type === "warp") return existing.type === "warp";
      const taken = listHostnames(existing);
      return listHostnames(inputs).some((hostname) => taken.includes(hostname));
    },
  },
  "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute": {
    describe: ({ network }) => `a route for ${network} in this virtual network`,
    list: (accountId) =>
      cloudflare.getZeroTrustTunnelCloudflaredRoutes({ accountId, isDeleted: false, ...ALL_ITEMS }),
    isSame: hasSame("network", "virtualNetworkId"),
  },
  "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute": {
    describe: ({ hostname }) => `a route for ${hostname}`,
    list: (accountId) =>
      cloudflare.getZeroTrustNetworkHostnameRoutes({ accountId, isDeleted: false, ...ALL_ITEMS }),
    isSame: hasSame("hostname"),
  },
  "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork": {
    describe: ({ name }) => `a virtual network with the name ${JSON.stringify(name)}`,
    list: (accountId) =>
      cloudflare.getZeroTrustTunnelCloudflaredVirtualNetworks({ accountId, isDeleted: false, ...ALL_ITEMS }),
    isSame: hasSame("name"),
  },
  "cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy": {
    describe: ({ precedence }) => `a Gateway rule with the precedence ${precedence}`,
    list: (accountId) => cloudflare.getZeroTrustGatewayPolicies({ accountId, ...ALL_ITEMS }),
    isSame: hasSame("precedence"),
    alternative: "Otherwise, set another precedence",
  },
};

function listHostnames({ domain, destinations }: Inputs): string[] {
  const all = (destinations ?? []) as readonly { uri?: string }[];
  const names = [domain as string | undefined, ...all.map(({ uri }) => uri)];
  return [...new Set(names.flatMap((name) => (name ? [name.toLowerCase()] : [])))];
}

/** A resource of a unique kind. */
interface UniqueResource {
  name: string;
  type: string;
  inputs: Inputs;
}

export interface ExistenceHookArgs {
  /** Says what else can be done with an existing object. */
  advise?: (id: string) => string;
  /** A resource that the program declares after this one: its existing object is named in the same error. */
  declaredLater?: UniqueResource | undefined;
}

/**
 * Creates a hook for `beforeCreate` that refuses to create an object while Cloudflare has one with the same identity,
 * and says how to use that one. Cloudflare would refuse it too, with no more than "already exists".
 */
export function createExistenceHook(
  name: string,
  { advise, declaredLater }: ExistenceHookArgs = {},
): pulumi.ResourceHook {
  const lists = new Map<string, Promise<readonly Inputs[]>>();
  return createSearchHook(
    name,
    async ({ name: resource, type, newInputs = {} }) => {
      const kind = getOwn(UNIQUE_KINDS, type);
      const { accountId } = newInputs;
      if (!kind || typeof accountId !== "string") return;
      const find = (all: readonly Inputs[]) => all.find((existing) => kind.isSame(existing, newInputs));
      const list = lists.get(type) ?? listObjects(kind, accountId);
      lists.set(type, list);
      // One list serves all resources of a type. It is read again because the update may have deleted the object since.
      const existing = find(await list) && find(await listObjects(kind, accountId));
      if (!existing) return;
      const up = `npx entra-access up ${pulumi.getStack()}`;
      const importAdvice = `To import it and give it the settings of the stack: ${up} --import ${resource}=${existing.id}`;
      throw new pulumi.RunError(
        `the account must not have ${kind.describe(newInputs)} yet; found ${existing.id}. ` +
          `If an interrupted update left it, ${up} completes that one. ` +
          "If the stack has it under another key, deploy with that key first and rename it then. " +
          (kind.alternative ?? importAdvice) +
          (advise ? `. ${advise(String(existing.id))}` : "") +
          (declaredLater ? await describeSecond(declaredLater, accountId) : ""),
      );
    },
    { onDryRun: true },
  );
}

/** Lists the objects of an account; none if they cannot be read, because Cloudflare decides when one is created. */
function listObjects(kind: UniqueKind, accountId: string): Promise<readonly Inputs[]> {
  return kind.list(accountId).then(
    ({ results }) => results as readonly Inputs[],
    () => [],
  );
}

/** Describes the object of a resource that comes later, which the program may have in its state; "" if there is none. */
async function describeSecond({ name, type, inputs }: UniqueResource, accountId: string): Promise<string> {
  const kind = getOwn(UNIQUE_KINDS, type);
  const existing = kind && (await listObjects(kind, accountId)).find((one) => kind.isSame(one, inputs));
  if (!existing) return "";
  return (
    `. The account also has ${kind.describe(inputs)}, ${existing.id}. If that is not the stack's yet, import both at ` +
    `once (--import takes a list), with ${name}=${existing.id}.`
  );
}
