import { type Description, SIGN_IN_DESCRIPTIONS } from "../sign-in-descriptions";
import type { accessFields } from "./schema";

const rules = {
  entraGroups:
    "display names or object ids. They are looked up at every run; a name that no group or several groups have is refused, with the groups that were found. Members of nested groups count",
  emails: "addresses. They match only people who signed in with the identity provider of the group",
  emailDomains: "your own domains, which match like `emails`",
  countries: "ISO 3166-1 codes of the countries that requests come from; `T1` is Tor, `XX` unknown",
  ipRanges: "addresses or CIDR ranges that requests come from, at most as wide as /8, for IPv6 /16",
  serviceTokens: "ids of existing service tokens",
  groups: "names of other groups",
};
const routes = {
  routes: "`make`: the stack creates the route to the tunnel. `existing`: the route exists",
  tunnelId: "the existing tunnel of a route that the stack creates",
  precedence:
    "position among the account's network policies: this number and the next. No other rule may have them, and they must be below those of every rule that allows more",
};
const { displayName: _, ...identityProvider } = SIGN_IN_DESCRIPTIONS.identityProvider;
const OWNED = "for an owned Entra tenant, as in [config.md](config.md) for the stack's own";

/** The descriptions of the access rules. */
export const ACCESS_DESCRIPTIONS: Description<typeof accessFields> = [
  "access rules: [access.md](access.md). Default: none",
  {
    assignedOnly: "whether only people who are assigned in Entra can sign in",
    identityProviders: [
      "identity providers beside the stack's own, by name",
      {
        id: "the identity provider's id in Access; required, unless it is `owned`",
        owned:
          "whether the stack creates it: the sign-in of an Entra tenant, or a one-time PIN, of which an account has one. It is protected as the stack's own",
        displayName: "the name of an owned one that people see. Default: `Entra ID (<name>)`, `One-time PIN`",
        oneTimePin: "whether it sends PINs; its groups may then name addresses and no domains",
        tenantId:
          "its Entra tenant, to which an azuread provider of its own signs in. Groups may name Entra groups of this tenant. Default: no Entra groups",
        environment: "the cloud of that tenant",
        clientId: "the deployer's client id in that tenant. Default: `ARM_CLIENT_ID`",
        clientSecret:
          "the deployer's client secret in that tenant (`pulumi config set --path --secret`). Default: `ARM_CLIENT_SECRET`",
        assignedOnly: `whether only people who are assigned can sign in; ${OWNED}`,
        application: [OWNED, SIGN_IN_DESCRIPTIONS.application],
        permissions: [OWNED, SIGN_IN_DESCRIPTIONS.permissions],
        credential: [OWNED, SIGN_IN_DESCRIPTIONS.credential],
        identityProvider: [`${OWNED}, without \`displayName\``, identityProvider],
        conditionalAccess: [OWNED, SIGN_IN_DESCRIPTIONS.conditionalAccess],
      },
    ],
    ownedEntraGroups: [
      "Entra groups that the stack creates, by name",
      {
        displayName: "the name in Entra, by which rules name it",
        description: "the description in Entra",
        members: "object ids. Default: people are added by hand and stay",
      },
    ],
    groups: [
      "groups of people, places or services, by name",
      {
        displayName: "the name that Cloudflare shows. Default: the name of the entry",
        identityProvider: "the identity provider with which the people of the group sign in",
        include: ["rules of which one must match; at least one", rules],
        require: ["rules that must all match", rules],
        exclude: ["rules of which none may match", rules],
      },
    ],
    policies: [
      "policies, by name",
      {
        displayName: "the name that Cloudflare shows. Default: the name of the entry",
        decision:
          "`allow` includes people, `deny` people or places, `service_auth` services, `bypass` places",
        include: "names of groups, one of which must match",
        require: "names of groups that must all match",
        exclude: "names of groups none of which may match",
        everyone:
          "whether it includes everybody: with `allow`, everybody who signs in at the stack's own tenant; with `bypass`, the whole internet",
        acknowledge: "confirms that the application is meant to be open",
        sessionDuration: "such as `8h`, at most `730h`. Default: that of the application",
        mfa: "whether the sign-in must include a second factor",
        authenticationContext: [
          "an authentication context of Conditional Access: `id` (Cloudflare's) and `acId` (`c1` ...); needs `identityProvider.conditionalAccessEnabled`",
          { id: "the id that Cloudflare gives it", acId: "the number in Entra, `c1` to `c99`" },
        ],
        justification: "a question that people must answer first",
        approval: {
          approvers: "addresses of the people who may approve",
          needed: "how many of them must approve",
        },
      },
    ],
    virtualNetworks: [
      "virtual networks, by name: `displayName` or `id`",
      {
        id: "the id of an existing one",
        displayName: "the name of one that the stack creates",
      },
    ],
    privateRanges: [
      "private ranges, by name",
      {
        virtualNetwork: "the name of a virtual network",
        cidr: "at most as wide as /8, for IPv6 /7",
        ...routes,
      },
    ],
    privateHostnames: [
      "private host names, by name",
      { hostname: "a host name without wildcards", ...routes },
    ],
    applications: [
      "applications, by name",
      {
        displayName: "the name that people see. Default: the name of the entry",
        hostnames:
          "host names, with or without a path; one wildcard between two dots or slashes (`*-dev.contoso.example`, `wiki.contoso.example/*/admin`). The launcher opens the first",
        destinations: [
          "[private destinations](private-destinations.md), beside or instead of host names; one of the two is required",
          {
            range: "the name of a private range; this or `hostname`",
            cidr: "a part of the range. Default: all of it",
            hostname: "the name of a private host name; this or `range`",
            ports: "such as `443` or `8000-8099`. Default: all",
            protocol: "the protocol. Default: both",
          },
        ],
        policies:
          "names of policies, in the order in which Access evaluates them. Without a policy, nobody is admitted",
        acknowledge: "confirms that the host is meant to be unprotected except for the paths in `hostnames`",
        redirect:
          "whether people are sent directly to the identity provider. Default: `true` if it is the only one",
        sessionDuration:
          "session duration for policies that set none; applications with [different ones](decisions/session-durations.md) can share a policy. Default: `24h`",
        cookie: {
          sameSite: "the SameSite attribute",
          httpOnly: "whether scripts cannot read it. Default: `true`",
          binding: "whether it works only in the browser that signed in",
          path: "whether it is sent only for the path of the application",
        },
        cors: {
          origins: "`all` or a list of origins",
          methods: "`all` or a list of methods",
          headers: "`all` or a list of names of headers",
          credentials: "whether requests may carry credentials",
          maxAge: "how long browsers may keep the answer, in seconds",
        },
        launcher: "whether the launcher shows a tile",
        logoUrl: "the address of the tile's picture",
        tags: "the tile's tags, which must exist",
      },
    ],
    deviceEnrolment: [
      "who may enroll devices. An account has one such application: delete the existing one first (`GET access/apps`, type `warp`); enrolled devices stay. Default: the account's stays as it is",
      {
        policies: "names of policies, in order",
        sessionDuration: "such as `8h`. Default: `24h`",
      },
    ],
  },
];
