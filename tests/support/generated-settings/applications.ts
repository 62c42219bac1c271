import fc from "fast-check";
import type { EntryNames } from "./entry-names";
import type { GeneratedSettingsTarget } from "./target";
import { anyCase, duration, label, record, type Settings, some, text, unique } from "./values";

const origin = anyCase(label.map((one) => `https://${one}.contoso.example`)).map((one) =>
  one.replace("HTTPS", "https"),
);
const cors = fc.oneof(
  record(
    {
      origins: unique(origin),
      methods: some(["GET", "POST", "PUT", "PATCH", "DELETE"]),
      headers: fc.constantFrom("all", ["X-Trace", "content-type"]),
      credentials: fc.boolean(),
      maxAge: fc.integer({ min: 1, max: 86_400 }),
    },
    ["origins", "methods"],
  ),
  fc.constant<Settings>({ origins: "all", methods: "all" }),
);

/** Generates access applications. */
export function generateApplications(target: GeneratedSettingsTarget, is: EntryNames) {
  const shared = {
    displayName: text(60),
    sessionDuration: duration,
    cookie: record({
      sameSite: fc.constantFrom("strict", "lax", "none"),
      httpOnly: fc.boolean(),
      binding: fc.boolean(),
      path: fc.boolean(),
    }),
    cors,
    launcher: fc.boolean(),
    logoUrl: fc.constant("https://contoso.example/logo.svg"),
    tags: some(target.tags),
    redirect: fc.constant(false),
  };
  const host = (name: string) =>
    fc
      .tuple(anyCase(label), fc.constantFrom("", "*-", "*."))
      .map(([one, wildcard]) => `${wildcard}${one}.${name}.contoso.example`);
  const policies = (...order: string[]) => fc.subarray(order);
  const application = (name: string, listed: fc.Arbitrary<string[]>) =>
    host(name).chain((whole) =>
      record(
        {
          ...shared,
          hostnames: fc.constantFrom([whole], [whole, `${whole}/*/Admin`], [`${whole}/*`]),
          policies: listed,
        },
        ["hostnames"],
      ),
    );
  return fc.record({
    wiki: application("wiki", policies("strangers", "people", "services", "everybody")),
    git: application("git", policies("strangers", "theirs", "everybody", "services")),
    rescue: application("rescue", policies("breakGlass", "people")),
    portal: application("portal", fc.constant(["anybody"])),
    assets: record(
      {
        ...shared,
        hostnames: fc.constant(["assets.contoso.example/static", "assets.contoso.example/img*/public"]),
        policies: fc.constant(["public"]),
        acknowledge: fc.constant(["unprotectedRest"]),
      },
      ["hostnames", "policies", "acknowledge"],
    ),
    databases: record(
      {
        destinations: fc.constantFrom(
          [{ range: is.servers }],
          [
            { range: is.servers, cidr: "10.20.30.0/24", ports: 5432, protocol: "tcp" },
            { range: is.servers, cidr: "10.20.31.7", ports: "8000-8099", protocol: "udp" },
          ],
        ),
        policies: policies("people", "everybody"),
      },
      ["destinations", "policies"],
    ),
    ledger: fc.constant({
      hostnames: ["ledger.contoso.example"],
      destinations: [{ hostname: is.ledger }],
      policies: ["people"],
    }),
  });
}
