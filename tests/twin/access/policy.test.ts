import { type DecisionInput, decideAccess } from "../../../twin/access/policy/decide";
import { AccessNotServed } from "../../../twin/access/policy/not-served";
import type { Requester } from "../../../twin/access/policy/requester";
import type {
  AccessApplication,
  AccessGroup,
  AccessPolicy,
  RawAccessRule,
} from "../../../twin/store/cloudflare/account";

type AccessRules = Pick<AccessPolicy, "include" | "exclude" | "require">;

const ENGINEERS = "4f0a937c-9524-4e04-9a6a-abe931b756ad";
const at = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };
const now = new Date("2026-01-01T08:00:00Z");

const ada: Requester = {
  email: "Ada@contoso.com",
  groups: [ENGINEERS],
  identityProviderId: "entra",
  ip: "192.0.2.7",
  country: "PT",
  amr: ["pwd", "mfa"],
  acrs: ["c1"],
};
/** A request that nobody signed in for. */
const nobody: Requester = { groups: [], ip: "192.0.2.7", country: "PT" };

const rules = (all: Partial<AccessRules>): AccessRules => ({ include: [], exclude: [], require: [], ...all });
let policies: Map<string, AccessPolicy>;
let groups: Map<string, AccessGroup>;
beforeEach(() => {
  policies = new Map();
  groups = new Map();
});

function policy(name: string, decision: AccessPolicy["decision"], all: Partial<AccessRules>): void {
  policies.set(name, { id: name, name, decision, sessionDuration: null, prompts: {}, ...rules(all), ...at });
}
function group(id: string, all: Partial<AccessRules>): RawAccessRule {
  groups.set(id, { id, name: id, isDefault: false, ...rules(all), ...at });
  return { group: { id } };
}
function question(person: Requester, change: Partial<AccessApplication> = {}): DecisionInput {
  const application: AccessApplication = {
    type: "self_hosted",
    destinations: [{ type: "public", uri: "wiki.contoso.com" }],
    id: "app",
    name: "Wiki",
    aud: "a",
    domain: "wiki.contoso.com",
    uris: ["wiki.contoso.com"],
    allowedIdps: [],
    autoRedirectToIdentity: false,
    sessionDuration: "24h",
    tags: [],
    settings: {},
    ...at,
    policies: [...policies.keys()].map((id, index) => ({ id, precedence: index + 1 })),
    ...change,
  };
  return { application, policies, groups, requester: person, now };
}
const ask = (person: Requester, change?: Partial<AccessApplication>) => {
  const { allowed, decision, policy } = decideAccess(question(person, change));
  return [allowed, decision, policy?.name];
};

const everyone = { everyone: {} };
const email = (email: string): RawAccessRule => ({ email: { email } });
const azureAD = (id: string, identity_provider_id = "entra"): RawAccessRule => ({
  azureAD: { id, identity_provider_id },
});
const context = (ac_id: string, identity_provider_id = "entra"): RawAccessRule => ({
  auth_context: { id: "x", ac_id, identity_provider_id },
});

describe("one rule", () => {
  test.each<[string, RawAccessRule, boolean, Partial<Requester>?]>([
    ["everyone", everyone, true],
    ["this email, whatever its case", email("ada@CONTOSO.com"), true],
    ["another email", email("bob@contoso.com"), false],
    ["the email's domain", { email_domain: { domain: "Contoso.com" } }, true],
    ["the end of the email's domain", { email_domain: { domain: "toso.com" } }, false],
    [
      "a domain above the email's",
      { email_domain: { domain: "contoso.com" } },
      false,
      { email: "a@b.contoso.com" },
    ],
    ["a group of Entra", azureAD(ENGINEERS), true],
    ["a group of Entra in capitals", azureAD(ENGINEERS.toUpperCase()), true],
    ["another group of Entra", azureAD("other"), false],
    ["the group by another identity provider", azureAD(ENGINEERS, "other"), false],
    ["the login method", { login_method: { id: "entra" } }, true],
    ["another login method", { login_method: { id: "other" } }, false],
    ["a way of signing in", { auth_method: { auth_method: "mfa" } }, true],
    ["another way of signing in", { auth_method: { auth_method: "hwk" } }, false],
    [
      "a way of signing in, when none is told",
      { auth_method: { auth_method: "mfa" } },
      false,
      { amr: undefined },
    ],
    ["an authentication context", context("c1"), true],
    ["another authentication context", context("c2"), false],
    ["the context of another identity provider", context("c1", "other"), false],
    ["a context, when none is told", context("c1"), false, { acrs: undefined }],
    ["the address", { ip: { ip: "192.0.2.7" } }, true],
    ["a range with the address", { ip: { ip: "192.0.2.0/24" } }, true],
    ["a range without the address", { ip: { ip: "192.0.3.0/24" } }, false],
    ["a range of the other family", { ip: { ip: "2001:db8::/32" } }, false],
    ["a range of IPv6", { ip: { ip: "2001:db8::/32" } }, true, { ip: "2001:db8::1" }],
    ["the country", { geo: { country_code: "PT" } }, true],
    ["another country", { geo: { country_code: "US" } }, false],
    ["a service token, for a person", { service_token: { token_id: "t" } }, false],
    ["the service token", { service_token: { token_id: "t" } }, true, { serviceTokenId: "t" }],
    ["another service token", { service_token: { token_id: "t" } }, false, { serviceTokenId: "u" }],
    ["any service token", { any_valid_service_token: {} }, true, { serviceTokenId: "u" }],
    ["any service token, without one", { any_valid_service_token: {} }, false],
  ])("%s", (_what, rule, met, change = {}) => {
    const person = { ...ada, ...change };
    policy("include", "allow", { include: [rule] });
    expect(ask(person)).toEqual(met ? [true, "allow", "include"] : [false, "none", undefined]);
    policies.clear();
    policy("require", "allow", { include: [everyone], require: [rule] });
    expect(ask(person)[0]).toBe(met);
    policies.clear();
    policy("exclude", "allow", { include: [everyone], exclude: [rule] });
    expect(ask(person)[0]).toBe(!met);
  });
});

describe("rules that are not served", () => {
  test.each<[string, RawAccessRule, Partial<Requester>?]>([
    ...[
      "certificate",
      "common_name",
      "device_posture",
      "email_list",
      "external_evaluation",
      "ip_list",
      "moon",
    ].map((type): [string, RawAccessRule] => [type, { [type]: { id: "x" } }]),
    ["constructor", { constructor: {} }],
    ["a rule of two types", { ...everyone, ...email("ada@contoso.com") }],
    ["a group that is gone", { group: { id: "gone" } }],
    ["an address of a request from nowhere", { ip: { ip: "192.0.2.0/24" } }, { ip: undefined }],
    ["an address that is none", { ip: { ip: "192.0.2.0/24" } }, { ip: "somewhere" }],
    ["a country of a request from nowhere", { geo: { country_code: "PT" } }, { country: undefined }],
  ])("%s is an error wherever it stands", (_what, rule, change = {}) => {
    const person = { ...ada, ...change };
    for (const all of [
      { include: [everyone, rule] },
      { include: [everyone], require: [rule] },
      { include: [everyone], exclude: [rule] },
      { include: [email("bob@contoso.com")], require: [rule] },
      { include: [group("with", { include: [everyone, rule] })] },
    ]) {
      policies.clear();
      policy("odd", "allow", all);
      expect(() => ask(person)).toThrow(AccessNotServed);
    }
  });

  test("decides by an earlier policy", () => {
    policy("first", "allow", { include: [everyone] });
    policy("odd", "deny", { include: [{ certificate: {} }] });
    expect(ask(ada)).toEqual([true, "allow", "first"]);
  });

  test("are reported for a missing policy", () => {
    expect(() => ask(ada, { policies: [{ id: "gone", precedence: 1 }] })).toThrow(AccessNotServed);
  });

  test("are reported for a group that contains itself", () => {
    group("outer", { include: [group("inner", { include: [{ group: { id: "outer" } }] })] });
    policy("odd", "allow", { include: [{ group: { id: "outer" } }] });
    expect(() => ask(ada)).toThrow(/a group that contains itself/);
  });

  test("are reported for user rules without a sign-in", () => {
    policy("odd", "bypass", { include: [group("staff", { include: [email("ada@contoso.com")] })] });
    expect(() => ask(ada)).toThrow(/email without a sign-in/);
  });
});

describe("rules together", () => {
  const yes = email("ada@contoso.com");
  const no = email("bob@contoso.com");
  test.each<[string, Partial<AccessRules>, boolean]>([
    ["nothing", {}, false],
    ["nothing to include", { require: [yes] }, false],
    ["one of two to include", { include: [no, yes] }, true],
    ["none of two to include", { include: [no, no] }, false],
    ["two required", { include: [yes], require: [yes, everyone] }, true],
    ["one of two required", { include: [yes], require: [yes, no] }, false],
    ["required without being included", { include: [no], require: [yes] }, false],
    ["one of two excluded", { include: [yes], exclude: [no, yes] }, false],
    ["none excluded", { include: [yes], exclude: [no] }, true],
  ])("%s", (_what, all, allowed) => {
    policy("policy", "allow", all);
    expect(ask(ada)[0]).toBe(allowed);
  });

  test("combine in groups with their own exceptions", () => {
    const countries = group("countries", {
      include: ["US", "PT"].map((country_code) => ({ geo: { country_code } })),
    });
    const staff = group("staff", { include: [{ email_domain: { domain: "contoso.com" } }], exclude: [no] });
    const nested = group("nested", { include: [staff] });
    policy("policy", "allow", { include: [nested], require: [countries] });
    expect(ask(ada)[0]).toBe(true);
    expect(ask({ ...ada, country: "FR" })[0]).toBe(false);
    expect(ask({ ...ada, email: "bob@contoso.com" })[0]).toBe(false);
  });
});

describe("policies together", () => {
  test("evaluate bypass and service auth first, then the others, each by precedence", () => {
    policy("allow", "allow", { include: [everyone] });
    policy("block", "deny", { include: [everyone] });
    policy("services", "non_identity", { include: [{ any_valid_service_token: {} }] });
    policy("office", "bypass", { include: [{ ip: { ip: "198.51.100.0/24" } }] });
    expect(ask(ada)).toEqual([true, "allow", "allow"]);
    expect(ask({ ...ada, serviceTokenId: "t" })).toEqual([true, "non_identity", "services"]);
    expect(ask({ ...nobody, ip: "198.51.100.1" })).toEqual([true, "bypass", "office"]);
    const reversed = [...policies.keys()].map((id, index) => ({ id, precedence: 9 - index }));
    expect(ask(ada, { policies: reversed })).toEqual([false, "deny", "block"]);
    const both = { ...ada, serviceTokenId: "t", ip: "198.51.100.1" };
    expect(ask(both, { policies: reversed })).toEqual([true, "bypass", "office"]);
  });

  test("do not admit the users whom a block policy excludes", () => {
    policy("block", "deny", { include: [everyone], exclude: [email("ada@contoso.com")] });
    expect(ask(ada)).toEqual([false, "none", undefined]);
    policy("staff", "allow", { include: [{ email_domain: { domain: "contoso.com" } }] });
    expect(ask(ada)).toEqual([true, "allow", "staff"]);
    expect(ask({ ...ada, email: "bob@contoso.com" })).toEqual([false, "deny", "block"]);
  });

  test("refuse everyone if there are none", () => {
    expect(decideAccess(question(ada))).toEqual({
      allowed: false,
      decision: "none",
      reason: "No policy matches, so access is denied.",
    });
  });

  test("refuse anonymous requests even if everyone is allowed", () => {
    policy("all", "allow", { include: [everyone] });
    expect(ask(nobody)).toEqual([false, "none", undefined]);
  });

  test("accept only the identity providers of the application", () => {
    policy("all", "allow", { include: [everyone] });
    expect(ask(ada, { allowedIdps: ["other", "entra"] })[0]).toBe(true);
    expect(ask(ada, { allowedIdps: ["other"] })[0]).toBe(false);
    expect(ask({ ...ada, identityProviderId: undefined }, { allowedIdps: ["other"] })[0]).toBe(false);
  });

  test.each([
    [null, "24h", "2026-01-02T08:00:00.000Z"],
    ["30m", "24h", "2026-01-01T08:30:00.000Z"],
    ["2h45m", "24h", "2026-01-01T10:45:00.000Z"],
    [null, "1.5h300ms", "2026-01-01T09:30:00.300Z"],
  ])("a session of %s, in an application of %s, ends at %s", (own, sessionDuration, end) => {
    policy("all", "allow", { include: [everyone] });
    Object.assign(policies.get("all") as AccessPolicy, { sessionDuration: own });
    expect(decideAccess(question(ada, { sessionDuration })).expires?.toISOString()).toBe(end);
  });
});
