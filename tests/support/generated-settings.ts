/** Generates settings of a stack that the config accepts, with every setting in all of its forms. */
import fc from "fast-check";

/** The objects in both clouds that generated settings refer to. */
export interface GeneratedSettingsTarget {
  /** Object ids of the principals that own applications, the deployer among them. */
  readonly owners: readonly string[];
  /** Display names or object ids of Entra groups in the stack's own tenant. */
  readonly entraGroups: readonly string[];
  /** Object ids of people in it. */
  readonly people: readonly string[];
  /** Another tenant, its groups and the deployer's client there. */
  readonly furtherTenant: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly owners: readonly string[];
    readonly entraGroups: readonly string[];
  };
  /** Id of an identity provider that the account has. */
  readonly existingIdentityProvider: string;
  readonly serviceTokens: readonly string[];
  readonly tags: readonly string[];
  readonly tunnelId: string;
}

type Settings = Record<string, unknown>;

/** Names of entries, among them such as every object has. */
const entryName = fc.oneof(
  fc.constantFrom("constructor", "toString", "hasOwnProperty", "employees", `a${"b".repeat(39)}`),
  fc.stringMatching(/^[a-z][A-Za-z0-9-]{0,39}$/),
);
const text = (longest: number) =>
  fc
    .string({
      unit: fc.constantFrom(..."abcXYZ019 äß€'\"&<>()-_.,;:?!/\\$%{}[]#"),
      minLength: 1,
      maxLength: longest,
    })
    .map((value) => value.trim() || "x");
const duration = fc.constantFrom("0s", "30m", "8h", "24h", "1h30m", "1.5h", "730h");
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const anyCase = (value: fc.Arbitrary<string>) =>
  fc.tuple(value, fc.boolean()).map(([one, upper]) => (upper ? one.toUpperCase() : one));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const some = <T>(from: readonly T[]) => fc.subarray([...from], { minLength: 1 });
const record = (model: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) =>
  fc.record(model, { requiredKeys: required }) as fc.Arbitrary<Settings>;

const email = anyCase(fc.tuple(label, label).map(([user, domain]) => `${user}@${domain}.example`));
const emailDomain = anyCase(label.map((one) => `${one}.contoso.example`));
const ipv4 = fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map(([address, bits]) => {
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(number / size) * size;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return bits === 32 ? parts.join(".") : `${parts.join(".")}/${bits}`;
});
const ipRange = fc.oneof(ipv4, fc.constantFrom("2001:DB8::/32", "2001:db8:0:0::1", "fd00:1::/64"));
const country = fc.constantFrom("DE", "AT", "GB", "PT", "US", "T1", "XX", "XK");

const signIn = (owners: readonly string[], isOwn: boolean) =>
  fc.boolean().chain((isConditional) =>
    record(
      {
        application: fc.boolean().chain((emailClaim) =>
          record(
            {
              displayName: text(60),
              owners: fc.constant(owners),
              uniqueSuffix: fc.boolean(),
              emailClaim: fc.constant(emailClaim),
              homepageUrl: fc.constant("https://contoso.example/Home"),
              notes: text(200),
              serviceManagementReference: text(60),
              tags: fc.constantFrom(["webApp"], ["webApp", "asset 12"]),
              hidden: fc.boolean(),
            },
            ["emailClaim"],
          ),
        ),
        permissions: isConditional
          ? fc.constant({
              names: ["openid", "profile", "email", "User.Read", "Policy.Read.ConditionalAccess"],
            })
          : fc.constantFrom({ profile: "tutorial" }, { profile: "cloudflare-current" }),
        credential: fc.constantFrom<Settings>(
          {},
          { description: "secret of Access", periodDays: 300, graceDays: 65, longestDays: 365, alertDays: 3 },
          { phaseHours: 5, rotation: 7, force: 7, compromised: 6 },
        ),
        identityProvider: record({
          ...(isOwn && { displayName: text(60) }),
          prompt: fc.constantFrom("login", "select_account", "none"),
          claims: fc.constant(["oid", "groups"]),
          emailClaimName: fc.constantFrom("preferred_username", "mapped_by_the_tenant"),
          supportGroups: fc.constant(true),
          pkceEnabled: fc.boolean(),
          conditionalAccessEnabled: fc.constant(isConditional),
          scim: fc.constantFrom(
            { enabled: true },
            {
              enabled: true,
              userDeprovision: true,
              seatDeprovision: true,
              identityUpdateBehavior: "automatic",
            },
            { enabled: false, identityUpdateBehavior: "reauth" },
          ),
        }),
        ...(!isOwn && { assignedOnly: fc.boolean() }),
      },
      isConditional ? ["permissions"] : [],
    ),
  );

/** The names of the entries that the sections refer to. */
interface Names {
  pin: string;
  existing: string;
  tenant: string;
  people: string;
  theirs: string;
  breakGlass: string;
  everybody: string;
  places: string;
  services: string;
  datacenter: string;
  servers: string;
  ledger: string;
}

const names: fc.Arbitrary<Names> = fc
  .uniqueArray(entryName, { minLength: 12, maxLength: 12 })
  .filter((all) => !all.includes("entra"))
  .map(([pin = "", existing = "", tenant = "", people = "", theirs = "", breakGlass = "", ...more]) => {
    const [everybody = "", places = "", services = "", datacenter = "", servers = "", ledger = ""] = more;
    return {
      pin,
      existing,
      tenant,
      people,
      theirs,
      breakGlass,
      everybody,
      places,
      services,
      datacenter,
      servers,
      ledger,
    };
  });

function generateGroups(target: GeneratedSettingsTarget, is: Names) {
  const displayName = text(60);
  const onePlace = record({ countries: fc.tuple(country), ipRanges: fc.tuple(ipRange) });
  return fc.record({
    [is.people]: record(
      {
        displayName,
        include: record(
          { entraGroups: some(target.entraGroups), emails: emails(), emailDomains: emailDomains() },
          ["entraGroups"],
        ),
        require: record({
          countries: fc.tuple(country),
          ipRanges: fc.tuple(ipRange),
          emails: fc.tuple(email),
          emailDomains: fc.tuple(emailDomain),
          entraGroups: some(target.entraGroups),
          serviceTokens: fc.constant(target.serviceTokens),
          groups: fc.constant([is.places]),
        }),
        exclude: record({
          entraGroups: some(target.entraGroups),
          emails: emails(),
          emailDomains: emailDomains(),
          serviceTokens: fc.constant(target.serviceTokens),
          groups: fc.constant([is.theirs]),
        }),
      },
      ["include"],
    ),
    [is.theirs]: record(
      {
        displayName,
        identityProvider: fc.constant(is.tenant),
        include: record({ entraGroups: some(target.furtherTenant.entraGroups) }, ["entraGroups"]),
        require: onePlace,
      },
      ["include", "identityProvider"],
    ),
    [is.breakGlass]: record(
      { identityProvider: fc.constant(is.pin), include: record({ emails: emails() }, ["emails"]) },
      ["include", "identityProvider"],
    ),
    [is.everybody]: record({ include: fc.constant({ groups: [is.people, is.theirs] }) }, ["include"]),
    [is.places]: record(
      {
        displayName,
        include: record({ countries: countries(), ipRanges: ranges() }, ["countries"]),
        exclude: record({ countries: countries(), ipRanges: ranges() }),
      },
      ["include"],
    ),
    [is.services]: record({ include: fc.constant({ serviceTokens: target.serviceTokens }) }, ["include"]),
  });
}

const unique = (value: fc.Arbitrary<string>) =>
  fc.uniqueArray(value, { minLength: 1, maxLength: 4, selector: (one) => one.toLowerCase() });
const emails = () => unique(email);
const emailDomains = () => unique(emailDomain);
const countries = () => unique(country);
const ranges = () => unique(fc.oneof(ipv4, fc.constantFrom("2001:DB8::/32", "fd00:1::/64")));

function generatePolicies(is: Names, isConditional: boolean) {
  const allow = (include: string) =>
    record(
      {
        displayName: text(60),
        decision: fc.constant("allow"),
        include: fc.constant([include]),
        require: fc.constantFrom([], [is.places]),
        exclude: fc.constantFrom<string[]>([], ...(include === is.people ? [[is.theirs]] : [])),
        sessionDuration: duration,
        mfa: fc.boolean(),
        justification: text(200),
        approval: fc.constantFrom(
          { approvers: ["Boss@contoso.example"] },
          { approvers: ["boss@contoso.example", "deputy@contoso.example"], needed: 2 },
        ),
        ...(isConditional && { authenticationContext: fc.constant({ id: "context", acId: "c1" }) }),
      },
      ["include"],
    );
  return fc.record({
    people: allow(is.people),
    theirs: allow(is.theirs),
    breakGlass: allow(is.breakGlass),
    everybody: allow(is.everybody),
    strangers: record({ decision: fc.constant("deny"), include: fc.constant([is.places]) }, [
      "decision",
      "include",
    ]),
    services: record({ decision: fc.constant("service_auth"), include: fc.constant([is.services]) }, [
      "decision",
      "include",
    ]),
    public: fc.constantFrom<Settings>(
      { decision: "bypass", include: [is.places], acknowledge: ["bypass"] },
      { decision: "bypass", everyone: true, acknowledge: ["bypass", "everyone"] },
    ),
    anybody: fc.constant({ everyone: true, acknowledge: ["everyone"] }),
  });
}

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

function generateApplications(target: GeneratedSettingsTarget, is: Names) {
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

function generateAccess(target: GeneratedSettingsTarget, is: Names, isConditional: boolean) {
  const { entraGroups: _theirs, owners, ...client } = target.furtherTenant;
  const tenant = signIn(owners, false).map((others) => ({
    owned: true,
    ...client,
    environment: "public",
    ...others,
  }));
  const route = { routes: "make", tunnelId: target.tunnelId };
  return record(
    {
      assignedOnly: fc.boolean(),
      identityProviders: fc.record({
        [is.pin]: record({ oneTimePin: fc.constant(true), owned: fc.constant(true), displayName: text(60) }, [
          "oneTimePin",
          "owned",
        ]),
        [is.existing]: fc.constant({ id: target.existingIdentityProvider }),
        [is.tenant]: fc.tuple(tenant, optional(text(60))).map(([one, displayName]) => ({
          ...one,
          ...(displayName !== undefined && { displayName: `Tenant ${displayName}` }),
        })),
      }),
      ownedEntraGroups: record({
        finance: record(
          {
            displayName: text(100).map((one) => `Access ${one}`),
            description: text(200),
            members: some(target.people),
          },
          ["displayName"],
        ),
        audit: fc.constant({ displayName: "Access Audit" }),
      }),
      groups: generateGroups(target, is),
      policies: generatePolicies(is, isConditional),
      virtualNetworks: record(
        {
          [is.datacenter]: record({ displayName: text(60).map((one) => `Network ${one}`) }, ["displayName"]),
        },
        [is.datacenter],
      ),
      privateRanges: fc.constant({
        [is.servers]: { virtualNetwork: is.datacenter, cidr: "10.20.0.0/16", ...route, precedence: 1000 },
        single: { virtualNetwork: is.datacenter, cidr: "FD00:20::7", ...route, precedence: 1002 },
      }),
      privateHostnames: fc.constant({
        [is.ledger]: { hostname: "Ledger.Corp.Contoso.Example", ...route, precedence: 1010 },
      }),
      applications: generateApplications(target, is),
      deviceEnrolment: record({ policies: fc.constant(["people", "theirs"]), sessionDuration: duration }, [
        "policies",
      ]),
    },
    [
      "identityProviders",
      "groups",
      "policies",
      "virtualNetworks",
      "privateRanges",
      "privateHostnames",
      "applications",
    ],
  );
}

/** Generates the settings of a stack, without its target: tenant, account and team. */
export function generateSettings(target: GeneratedSettingsTarget): fc.Arbitrary<Settings> {
  return fc.tuple(names, signIn(target.owners, true)).chain(([is, own]) => {
    const { conditionalAccessEnabled } = (own.identityProvider ?? {}) as Settings;
    const access = generateAccess(target, is, conditionalAccessEnabled === true);
    return access.map((rules) => ({ ...own, access: rules }));
  });
}
