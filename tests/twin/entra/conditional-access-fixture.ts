import { decodeJwt } from "jose";
import { contoso, contosoUsers, devSeed, type PlaceSeed, type Seed } from "../../../twin/index";
import type { ShownPage } from "./browser";
import { useEntraFixture } from "./entra-fixture";

const { ada, ben, farida } = contosoUsers;
const PERMISSIONS = [
  "Application.Read.All",
  "AuditLog.Read.All",
  "Policy.Read.All",
  "Policy.ReadWrite.ConditionalAccess",
];
const administrator = {
  ...contoso.administrator,
  permissions: [...contoso.administrator.permissions, ...PERMISSIONS],
};
/** Contoso with an administrator of Conditional Access, where Ada has a second factor of her own. */
const users = contoso.tenant.users.map((user) =>
  user.id === ada.id ? { ...user, secondFactor: true } : user,
);
const principals = contoso.tenant.principals.map((one) =>
  one.appId === administrator.appId ? administrator : one,
);
const seed: Seed = {
  ...devSeed,
  tenants: devSeed.tenants.map((tenant) =>
    tenant.id === contoso.tenantId ? { ...tenant, principals, users } : tenant,
  ),
};

export const CA = "/v1.0/identity/conditionalAccess";

type Part = Record<string, unknown>;
export interface PolicyParts {
  state?: string;
  applications?: Part;
  users?: Part;
  conditions?: Part;
  grant?: Part | null;
  sessionControls?: Part;
}

/** Sets up a twin before each test with an application, and an administrator of Conditional Access. */
export function useConditionalAccessFixture() {
  const fixture = useEntraFixture({ seed });
  const { address, app, browser, codeOf, graph, redeem } = fixture;
  /** Declares a policy on the application, for everybody but Farida, the emergency account. */
  async function declare({ applications, users, conditions, grant, ...others }: PolicyParts = {}) {
    const answer = await graph("POST", `${CA}/policies`, {
      displayName: "MFA",
      state: "enabled",
      conditions: {
        applications: { includeApplications: [app().appId], ...applications },
        users: { includeUsers: ["All"], excludeUsers: [farida.id], ...users },
        clientAppTypes: ["all"],
        ...conditions,
      },
      ...(grant === null ? {} : { grantControls: { operator: "OR", builtInControls: ["mfa"], ...grant } }),
      ...others,
    });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  }
  const createLocation = async (location: Part) =>
    (await graph("POST", `${CA}/namedLocations`, { displayName: "A place", ...location })).body.id;
  const office = () =>
    createLocation({
      "@odata.type": "#microsoft.graph.ipNamedLocation",
      ipRanges: [{ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "198.51.100.0/24" }],
      isTrusted: true,
    });
  const beAt = (place: PlaceSeed) => {
    fixture.twin().places = { "127.0.0.1": place };
  };

  /** Signs in with name and password, and stops where more is demanded. */
  async function enter(user: { id: string; password?: string } = ben, parameters = {}): Promise<ShownPage> {
    await browser().go(address(parameters));
    await browser().submit({ user: user.id });
    return browser().submit({ user: user.id, password: user.password ?? "" });
  }

  /** Names what a page shows: that the application got a code, what is asked for, or the error. */
  function nameOutcome({ url, html }: ShownPage): string {
    if (url.includes("code=")) return "in";
    if (html.includes("More information required")) return "registration";
    if (html.includes("Approve sign in request")) return "second factor";
    if (html.includes("Pick an account")) return "sign-in";
    return /AADSTS\d+/.exec(html)?.[0] ?? html;
  }
  const readLog = async () => (await graph("GET", "/v1.0/auditLogs/signIns")).body.value;
  const amrOf = async (shown: ShownPage) => {
    const { body } = await redeem({ code: codeOf(shown) });
    return decodeJwt(body.access_token).amr;
  };

  return { ...fixture, declare, createLocation, office, beAt, enter, nameOutcome, readLog, amrOf };
}
