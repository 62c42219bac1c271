import { defineRule, type Rule, read, readList } from "../rule";

export const APPLICATION = "azuread:index/application:Application";
const REDIRECT_URIS = "azuread:index/applicationRedirectUris:ApplicationRedirectUris";
const CALLBACK = "/cdn-cgi/access/callback";

/** The domains under which Cloudflare serves teams: the public one and Cloudflare for Government. */
const TEAM_DOMAINS = [".cloudflareaccess.com", ".fed.cloudflareaccess.com"];

export const applicationRules: readonly Rule[] = [
  {
    name: "no-implicit-grant",
    description: "An application must not use the implicit grant.",
    reason: "Its tokens travel in the address of a page, where history, logs and scripts can read them.",
    severity: "high",
    types: [APPLICATION],
    check({ props }, report) {
      for (const token of ["accessTokenIssuanceEnabled", "idTokenIssuanceEnabled"])
        if (read(props, "web", "implicitGrant", token) === true)
          report(`web.implicitGrant.${token} must be false; found true`);
    },
  },
  defineRule<{ audiences: string[] }>({
    name: "single-tenant",
    description: "An application must be for people of its own tenant.",
    reason:
      "Otherwise everybody with an account at any tenant can sign in, and rules by mail address match them.",
    severity: "critical",
    types: [APPLICATION],
    settings: {
      audiences: { type: "array", items: { type: "string" }, default: ["AzureADMyOrg"] },
    },
    check({ props }, report, { audiences }) {
      // Entra's default.
      const audience = read(props, "signInAudience") ?? "AzureADMyOrg";
      if (!audiences.includes(audience as string))
        report(`signInAudience must be one of ${audiences.join(", ")}; found "${audience}"`);
    },
  }),
  defineRule<{ teams: string[] }>({
    name: "exact-redirect-uris",
    description: "Redirect URIs must be exact, by https, and those of a known team.",
    reason: "Entra sends the code of every sign-in there: the owner of the host can sign in as anybody.",
    severity: "critical",
    types: [APPLICATION, REDIRECT_URIS],
    settings: {
      // Empty: any team, because the pack cannot know yours.
      teams: { type: "array", items: { type: "string" }, default: [] },
    },
    check({ props }, report, { teams }) {
      const places = [
        ["redirectUris"],
        ...["web", "singlePageApplication", "publicClient"].map((part) => [part, "redirectUris"]),
      ];
      for (const place of places)
        for (const uri of readList(props, ...place)) {
          const problem = judgeRedirectUri(String(uri), teams);
          if (problem) report(`${place.join(".")} must ${problem}; found "${uri}"`);
        }
    },
  }),
];

/** Returns what a redirect URI must be, if it is not. Only hosts of Cloudflare are compared with the teams. */
function judgeRedirectUri(uri: string, teams: readonly string[]): string | undefined {
  if (uri.includes("*")) return "have no wildcard";
  if (!URL.canParse(uri)) return "be an address";
  const { protocol, hostname, pathname, search } = new URL(uri);
  if (protocol !== "https:") return "use https";
  const domain = [...TEAM_DOMAINS].reverse().find((end) => hostname.endsWith(end));
  if (!domain) return undefined;
  if (pathname !== CALLBACK || search !== "") return `end with ${CALLBACK}`;
  const team = hostname.slice(0, -domain.length);
  if (teams.length > 0 && !teams.includes(team)) return `be that of ${teams.join(" or ")}`;
  return undefined;
}
