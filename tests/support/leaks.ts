/** Finds paths with a secret in clear text, base64 or URL-encoded, without revealing it. */
export function findLeaks(value: unknown, secrets: readonly string[], path = "$"): string[] {
  if (typeof value === "string") {
    const forms = secrets.flatMap((secret) => [
      secret,
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      encodeURIComponent(secret),
    ]);
    return forms.some((form) => value.includes(form)) ? [path] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => findLeaks(inner, secrets, `${path}.${key}`));
}
