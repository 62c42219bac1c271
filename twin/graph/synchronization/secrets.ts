import { z } from "zod";
import { secretHash } from "../../store/store";
import type { ServicePrincipal, SynchronizationSecret } from "../../store/tenant";
import { type BodyRules, type Call, NOT_JUDGED, type Operation, readBody, requireOwner } from "../call";
import { notFound, notServed } from "../errors";
import { collection, find } from "../query";

/** Of which more than the name is documented: the resource type synchronizationSecretKeyStringValuePair. */
const KEYS = ["BaseAddress", "SecretToken", "SyncNotificationSettings", "SyncAll", "SkipOutOfScopeDeletions"];
/** What stands for a secret in answers. */
const MASK = "*";
const isSecret = (key: string) => key === "SecretToken";

const newSecrets = z.strictObject({
  value: z
    .array(
      z
        .strictObject({
          key: z.string().refine((key) => KEYS.includes(key), {
            error: `${NOT_JUDGED}credentials other than ${KEYS.join(", ")}`,
          }),
          value: z.string(),
        })
        .refine(({ key, value }) => !isSecret(key) || value !== MASK, {
          error: `${NOT_JUDGED}a masked secret that is sent back`,
        }),
    )
    .refine((pairs) => new Set(pairs.map(({ key }) => key)).size === pairs.length, {
      error: "Contains duplicate keys.",
    }),
});

const rules: BodyRules = { type: "SynchronizationSecretKeyStringValuePair", readOnly: [], notJudged: [] };

/**
 * With what provisioning reaches an application. A secret is masked, as people report it; an empty value removes its
 * key, as the azuread provider relies on.
 *
 * Sources: https://learn.microsoft.com/graph/api/synchronization-serviceprincipal-put-synchronization,
 * https://github.com/MicrosoftDocs/azure-docs/issues/55184
 */
export const secretOperations: Operation[] = [
  {
    call: "GET /servicePrincipals/{id}/synchronization/secrets",
    handle(call) {
      const { id, synchronization } = principalAt(call);
      const wires = synchronization.secrets.map(({ key, value = MASK }) => ({ key, value }));
      return {
        status: 200,
        body: collection(call, `servicePrincipals('${id}')/synchronization/secrets`, wires),
      };
    },
  },
  {
    call: "PUT /servicePrincipals/{id}/synchronization/secrets",
    async handle(call) {
      const { synchronization } = changeable(call);
      const { value: sent } = await readBody(call, newSecrets, rules);
      const left = synchronization.secrets.find(({ key }) => !sent.some((pair) => pair.key === key));
      if (left) throw notServed("PUT", call.c.req.path, `without ${left.key}, which is there`);
      synchronization.secrets = sent.filter(({ value }) => value !== "").map(kept);
      return { status: 204 };
    },
  },
];

function kept({ key, value }: { key: string; value: string }): SynchronizationSecret {
  return isSecret(key) ? { key, hash: secretHash(value) } : { key, value };
}

/** The service principal that the path names. */
export function principalAt(call: Call): ServicePrincipal {
  return find(call, call.tenant.servicePrincipals, notFound);
}

/** The same, once the caller may change it. */
export function changeable(call: Call): ServicePrincipal {
  const principal = principalAt(call);
  requireOwner(call, principal);
  return principal;
}
