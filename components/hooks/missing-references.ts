import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { ALL_ITEMS, createSearchHook } from "./search-hook";

type Inputs = Readonly<Record<string, unknown>>;
interface Rule {
  azureAd?: { identityProviderId?: unknown };
  loginMethod?: { id?: unknown };
  serviceToken?: { tokenId?: unknown };
}

/** A kind of object that settings refer to and the stack need not create. */
interface ReferenceKind {
  /** The objects in words, e.g. "tags". */
  readonly label: string;
  /** Collects what the inputs of a resource refer to; what is not known yet is undefined. */
  collect(inputs: Inputs): readonly unknown[];
  /** Lists what the account has. */
  list(accountId: string): Promise<readonly (string | undefined)[]>;
  /** True if the stack may create such objects itself, so that only a preview can tell that one is missing. */
  readonly isCreated?: boolean;
}

const listRules = ({ includes, requires, excludes }: Inputs): readonly Rule[] =>
  [includes, requires, excludes].flatMap((rules) => (Array.isArray(rules) ? rules : []));

const REFERENCE_KINDS: readonly ReferenceKind[] = [
  {
    label: "tags",
    collect: ({ tags }) => (Array.isArray(tags) ? tags : []),
    list: async (accountId) =>
      (await cloudflare.getZeroTrustAccessTags({ accountId, ...ALL_ITEMS })).results.map(({ name }) => name),
  },
  {
    label: "service tokens",
    collect: (inputs) => listRules(inputs).map(({ serviceToken }) => serviceToken?.tokenId),
    list: async (accountId) =>
      (await cloudflare.getZeroTrustAccessServiceTokens({ accountId, ...ALL_ITEMS })).results.map(
        ({ id }) => id,
      ),
  },
  {
    label: "identity providers",
    isCreated: true,
    collect: (inputs) =>
      listRules(inputs).flatMap(({ azureAd, loginMethod }) => [azureAd?.identityProviderId, loginMethod?.id]),
    list: async (accountId) =>
      (await cloudflare.getZeroTrustAccessIdentityProviders({ accountId, ...ALL_ITEMS })).results.map(
        ({ id }) => id,
      ),
  },
  {
    label: "tunnels",
    collect: ({ tunnelId }) => [tunnelId],
    list: async (accountId) =>
      (
        await cloudflare.getZeroTrustTunnelCloudflareds({ accountId, isDeleted: false, ...ALL_ITEMS })
      ).results.map(({ id }) => id),
  },
  {
    label: "virtual networks",
    isCreated: true,
    collect: ({ virtualNetworkId }) => [virtualNetworkId],
    list: async (accountId) =>
      (
        await cloudflare.getZeroTrustTunnelCloudflaredVirtualNetworks({
          accountId,
          isDeleted: false,
          ...ALL_ITEMS,
        })
      ).results.map(({ id }) => id),
  },
];

/**
 * Creates a hook for creates and updates that refuses references to objects that the account does not have, at preview,
 * too: Cloudflare would refuse them in the middle of the update. Where the objects cannot be listed, Cloudflare decides.
 */
export function createReferenceHook(name: string): pulumi.ResourceHook {
  const lists = new Map<ReferenceKind, Promise<readonly (string | undefined)[] | undefined>>();
  return createSearchHook(
    name,
    async ({ name: resource, newInputs = {} }) => {
      const { accountId } = newInputs;
      if (typeof accountId !== "string") return;
      for (const kind of REFERENCE_KINDS) {
        if (kind.isCreated && !pulumi.runtime.isDryRun()) continue;
        const references = kind.collect(newInputs).filter((one): one is string => typeof one === "string");
        if (references.length === 0) continue;
        const list = lists.get(kind) ?? kind.list(accountId).catch(() => undefined);
        lists.set(kind, list);
        const existing = await list;
        if (!existing) continue;
        const missing = references.filter((one) => !existing.includes(one));
        if (missing.length === 0) continue;
        throw new pulumi.RunError(
          `${resource} must refer to ${kind.label} that the account has; found ${missing.join(", ")}. ` +
            `Choose from ${existing.length > 0 ? existing.slice(0, 10).join(", ") : "none"}, or make it in Cloudflare first.`,
        );
      }
    },
    { onDryRun: true },
  );
}
