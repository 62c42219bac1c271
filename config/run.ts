/** The beginning of a warning that a person must act on, by which `npx entra-access` recognizes it. */
export const ACTION_NEEDED = "action needed: ";

/**
 * The config value by which `npx entra-access` asks the program for a client secret alone: `<process id>/<name of the
 * identity provider>`. It exists within one run only, which the engine limits to the same resources; without that limit
 * the engine would delete everything else.
 */
export const CLIENT_SECRET_ONLY = "entra-access-run:clientSecretOnly";

/** The end of the error about a SCIM secret that the state lacks, by which `npx entra-access` recognizes it. */
export const SCIM_SECRET_IS_LOST = "Cloudflare's SCIM secret must be in the state; found none";
