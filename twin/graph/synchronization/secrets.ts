import { z } from "zod";
import type { SynchronizationSecret } from "../../store/entra/synchronization";
import {
  type BodyRules,
  findChangeablePrincipal,
  findServicePrincipal,
  type GraphOperation,
  NOT_SERVED,
  readBody,
  type WireObject,
} from "../call";
import { graphNotServed } from "../errors";
import { formatCollection } from "../query";

/** The documented keys: the resource type synchronizationSecretKeyStringValuePair. */
const KEYS = ["BaseAddress", "SecretToken", "SyncNotificationSettings", "SyncAll", "SkipOutOfScopeDeletions"];
/** The text in place of a secret in answers. */
const MASK = "*";
const isSecret = (key: string) => key === "SecretToken";

/** The schema of credentials in a body. */
export const credentialsSchema = z
  .array(
    z
      .strictObject({
        key: z.string().refine((key) => KEYS.includes(key), {
          error: `${NOT_SERVED}credentials other than ${KEYS.join(", ")}`,
        }),
        value: z.string(),
      })
      .refine(({ key, value }) => !isSecret(key) || value !== MASK, {
        error: `${NOT_SERVED}a masked secret that is sent back`,
      }),
  )
  .refine((pairs) => new Set(pairs.map(({ key }) => key)).size === pairs.length, {
    error: "Contains duplicate keys.",
  });

const newSecrets = z.strictObject({ value: credentialsSchema });

const rules: BodyRules = { type: "SynchronizationSecretKeyStringValuePair", readOnly: [], notServed: [] };

/**
 * Operations on the credentials of provisioning. Secrets are masked, as known from user reports; an empty value removes
 * its key, on which the azuread provider relies.
 *
 * Sources: https://learn.microsoft.com/graph/api/synchronization-serviceprincipal-put-synchronization,
 * https://github.com/MicrosoftDocs/azure-docs/issues/55184
 */
export const secretOperations: GraphOperation[] = [
  {
    call: "GET /servicePrincipals/{id}/synchronization/secrets",
    handle(call) {
      const { id, synchronization } = findServicePrincipal(call);
      const wires = maskSecrets(synchronization.secrets);
      return formatCollection(call, `servicePrincipals('${id}')/synchronization/secrets`, wires);
    },
  },
  {
    call: "PUT /servicePrincipals/{id}/synchronization/secrets",
    async handle(call) {
      const { synchronization } = findChangeablePrincipal(call);
      const { value: sent } = await readBody(call, newSecrets, rules);
      const left = synchronization.secrets.find(({ key }) => !sent.some((pair) => pair.key === key));
      if (left) throw graphNotServed(call.c.req, `omitting the existing ${left.key}`);
      synchronization.secrets = sent.filter(({ value }) => value !== "");
      return null;
    },
  },
];

/** Puts a mask in place of the secret. */
export function maskSecrets(secrets: readonly SynchronizationSecret[]): WireObject[] {
  return secrets.map(({ key, value }) => ({ key, value: isSecret(key) ? MASK : value }));
}
