import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { ALL_ITEMS, createSearchHook } from "./search-hook";

type Inputs = Readonly<Record<string, unknown>>;
interface Rule {
  azureAd?: { identityProviderId?: unknown };
  loginMethod?: { id?: unknown };
  serviceToken?: { tokenId?: unknown };
}

/** An object of the account: the value by which inputs refer to it, and its name. */
type Listed = readonly [reference: string | undefined, name?: string | undefined];

/** A kind of object that settings refer to and the stack need not create. */
interface ReferenceKind {
  /** The objects in words, e.g. "tags". */
  readonly label: string;
  /** The permission that the API token needs to list them. */
  readonly permission: string;
  /** Collects what the inputs of a resource refer to; what is not known yet is undefined. */
  collect(inputs: Inputs): readonly unknown[];
  /** Lists what the account has. */
  list(accountId: string): Promise<readonly Listed[]>;
  /** True if the stack may create such objects itself, so that only a preview can tell that one is missing. */
  readonly isCreated?: boolean;
}

const listRules = ({ includes, requires, excludes }: Inputs): readonly Rule[] =>
  [includes, requires, excludes].flatMap((rules) => (Array.isArray(rules) ? rules : []));

const listById = ({ results }: { results: readonly { id: string; name: string }[] }): Listed[] =>
  results.map(({ id, name }) => [id, name]);

const REFERENCE_KINDS: readonly ReferenceKind[] = [
  {
    label: "tags",
    permission: "Access: Apps and Policies Read",
    collect: ({ tags }) => (Array.isArray(tags) ? tags : []),
    list: async (accountId) =>
      (await cloudflare.getZeroTrustAccessTags({ accountId, ...ALL_ITEMS })).results.map(({ name }) => [
        name,
      ]),
  },
  {
    label: "service tokens",
    permission: "Access: Service Tokens Read",
    collect: (inputs) => listRules(inputs).map(({ serviceToken }) => serviceToken?.tokenId),
    list: async (accountId) =>
      listById(await cloudflare.getZeroTrustAccessServiceTokens({ accountId, ...ALL_ITEMS })),
  },
  {
    label: "identity providers",
    permission: "Access: Organizations, Identity Providers, and Groups Read",
    isCreated: true,
    collect: (inputs) =>
      listRules(inputs).flatMap(({ azureAd, loginMethod }) => [azureAd?.identityProviderId, loginMethod?.id]),
    list: async (accountId) =>
      listById(await cloudflare.getZeroTrustAccessIdentityProviders({ accountId, ...ALL_ITEMS })),
  },
  {
    label: "tunnels",
    permission: "Cloudflare Tunnel Read",
    collect: ({ tunnelId }) => [tunnelId],
    list: async (accountId) =>
      listById(
        await cloudflare.getZeroTrustTunnelCloudflareds({ accountId, isDeleted: false, ...ALL_ITEMS }),
      ),
  },
  {
    label: "virtual networks",
    permission: "Cloudflare Tunnel Read",
    isCreated: true,
    collect: ({ virtualNetworkId }) => [virtualNetworkId],
    list: async (accountId) =>
      listById(
        await cloudflare.getZeroTrustTunnelCloudflaredVirtualNetworks({
          accountId,
          isDeleted: false,
          ...ALL_ITEMS,
        }),
      ),
  },
];

/**
 * Creates a hook for creates and updates that refuses references to objects that the account does not have, at preview,
 * too: Cloudflare would refuse them in the middle of the update. Where the objects cannot be listed, it warns of new
 * references, and Cloudflare decides.
 */
export function createReferenceHook(name: string): pulumi.ResourceHook {
  const lists = new Map<ReferenceKind, Promise<readonly Listed[] | undefined>>();
  const list = (kind: ReferenceKind, accountId: string) => {
    const listed = lists.get(kind) ?? kind.list(accountId).catch(() => undefined);
    lists.set(kind, listed);
    return listed;
  };
  return createSearchHook(
    name,
    async ({ name: resource, newInputs = {}, oldInputs = {} }) => {
      const { accountId } = newInputs;
      if (typeof accountId !== "string") return;
      for (const kind of REFERENCE_KINDS) {
        if (kind.isCreated && !pulumi.runtime.isDryRun()) continue;
        const references = kind.collect(newInputs).filter((one): one is string => typeof one === "string");
        if (references.length === 0) continue;
        const existing = await list(kind, accountId);
        const known = existing ? existing.map(([one]) => one) : kind.collect(oldInputs);
        const missing = references.filter((one) => !known.includes(one));
        if (missing.length === 0) continue;
        if (existing) throw createMissingError(resource, kind, missing, existing);
        const { label, permission } = kind;
        void pulumi.log.warn(
          `${resource} must refer to ${label} that the account has; ${missing.join(", ")} could not be checked, because ` +
            `Cloudflare did not list them. Give the API token "${permission}" if it lacks that, or make sure that they exist: ` +
            "otherwise Cloudflare refuses them in the middle of the update.",
        );
      }
    },
    { onDryRun: true },
  );
}

function createMissingError(
  resource: string,
  { label }: ReferenceKind,
  missing: readonly string[],
  existing: readonly Listed[],
): pulumi.RunError {
  const choices = existing.slice(0, 10).map(([one, name]) => (name === undefined ? one : `${one} (${name})`));
  return new pulumi.RunError(
    `${resource} must refer to ${label} that the account has; found ${missing.join(", ")}. ` +
      `Choose from ${choices.length > 0 ? choices.join(", ") : "none"}, or make it in Cloudflare first.`,
  );
}
