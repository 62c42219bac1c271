/** Mistakes in applications that would open a door, or not do what they say. */
import { allowedBy } from "../components/access-settings";
import type { AccessConfig } from "./access";
import type { Check, Problem } from "./access-names";

/** A wildcard for all paths below says no more than the host or the path alone. */
const withoutWildcard = (hostname: string) => hostname.replace(/\/\*$/, "");
const isWholeHost = (hostname: string) => !withoutWildcard(hostname).includes("/");

/** Access goes from first to last and stops where somebody matches. */
const denyAfterAllow: Check = ({ policies, applications }) =>
  Object.entries(applications).flatMap(([name, { policies: named }]) =>
    outOfOrder(policies, named, ["applications", name, "policies"]),
  );

/** @param path of the list of policies */
export function outOfOrder(
  policies: AccessConfig["policies"],
  named: readonly string[],
  path: Problem["path"],
): Problem[] {
  const decisions = named.map((policy) => policies[policy]?.decision);
  const allow = decisions.indexOf("allow");
  return named.flatMap((policy, index) => {
    if (decisions[index] === "deny" && allow >= 0 && index > allow) {
      const want = `it before "${named[allow]}": who matches that one is let in before this one is looked at`;
      return [{ path: [...path, index], want }];
    }
    return named.indexOf(policy) < index ? [{ path: [...path, index], want: "each policy once" }] : [];
  });
}

/** Bypass is looked at first, and covers everything below a path. */
const bypassBeside: Check = ({ policies, applications }) =>
  Object.entries(applications).flatMap(([name, { policies: named, hostnames }]) => {
    const bypass = named.find((policy) => policies[policy]?.decision === "bypass");
    if (!bypass) return [];
    const alone =
      named.length > 1
        ? [
            {
              path: ["applications", name, "policies"],
              want: `"${bypass}" alone, in an application of its own: Access looks at it first, so the others would never be asked`,
            },
          ]
        : [];
    const whole = hostnames.flatMap((hostname, index) =>
      !isWholeHost(hostname)
        ? []
        : [
            {
              path: ["applications", name, "hostnames", index],
              want: `a host name with the path that "${bypass}" is meant for`,
            },
          ],
    );
    return [...alone, ...whole];
  });

const sameHost: Check = ({ applications }) => {
  const owners = new Map<string, string>();
  return Object.entries(applications).flatMap(([name, { hostnames }]) =>
    hostnames.flatMap((hostname, index) => {
      const key = withoutWildcard(hostname.toLowerCase());
      const owner = owners.get(key);
      owners.set(key, owner ?? name);
      return owner === undefined
        ? []
        : [
            {
              path: ["applications", name, "hostnames", index],
              want: `a host name of its own: "${owner}" has this one`,
            },
          ];
    }),
  );
};

/** A path is protected, and what lies beside it on the host is not. */
const unprotectedRest: Check = ({ applications }) => {
  const whole = Object.values(applications).flatMap(({ hostnames }) =>
    hostnames.filter(isWholeHost).map(withoutWildcard),
  );
  const covered = (host: string) =>
    whole.some((other) => other === host || (other.startsWith("*.") && host.endsWith(other.slice(1))));
  return Object.entries(applications).flatMap(([name, { hostnames, acknowledge }]) =>
    acknowledge.includes("unprotectedRest")
      ? []
      : hostnames.flatMap((hostname, index) => {
          const [host = "", path] = hostname.split(/\/(.*)/s);
          return isWholeHost(hostname) || path === undefined || covered(host)
            ? []
            : [
                {
                  path: ["applications", name, "hostnames", index],
                  want: `an application for ${host}, too, or acknowledge: ["unprotectedRest"]: beside the path nothing is protected`,
                },
              ];
        }),
  );
};

const openCors: Check = ({ applications }) =>
  Object.entries(applications).flatMap(([name, { cors }]) =>
    cors?.credentials && cors.origins === "all"
      ? [
          {
            path: ["applications", name, "cors", "origins"],
            want: "a list of origins with credentials: every site could act for people",
          },
        ]
      : [],
  );

const impossibleRedirect: Check = (access) =>
  Object.entries(access.applications).flatMap(([name, application]) => {
    const allowed = allowedBy(access, application);
    return application.redirect && allowed.length > 1
      ? [
          {
            path: ["applications", name, "redirect"],
            want: `false: people choose between ${allowed.join(", ")}`,
          },
        ]
      : [];
  });

export const applicationChecks: readonly Check[] = [
  denyAfterAllow,
  bypassBeside,
  sameHost,
  unprotectedRest,
  openCors,
  impossibleRedirect,
];
