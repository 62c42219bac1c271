/** Where a secret stands in clear text, in base64 or URL-encoded; the secret itself is not told. */
export function leaks(value: unknown, secrets: readonly string[], path = "$"): string[] {
  if (typeof value === "string") {
    const forms = secrets.flatMap((secret) => [
      secret,
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      encodeURIComponent(secret),
    ]);
    return forms.some((form) => value.includes(form)) ? [path] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaks(inner, secrets, `${path}.${key}`));
}
