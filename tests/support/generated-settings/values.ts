import fc from "fast-check";

export type Settings = Record<string, unknown>;

/** Names of entries, among them such as every object has. */
export const entryName = fc.oneof(
  fc.constantFrom("constructor", "toString", "hasOwnProperty", "employees", `a${"b".repeat(39)}`),
  fc.stringMatching(/^[a-z][A-Za-z0-9-]{0,39}$/),
);
export const text = (longest: number) =>
  fc
    .string({
      unit: fc.constantFrom(..."abcXYZ019 äß€'\"&<>()-_.,;:?!/\\$%{}[]#"),
      minLength: 1,
      maxLength: longest,
    })
    .map((value) => value.trim() || "x");
export const duration = fc.constantFrom("0s", "30m", "8h", "24h", "1h30m", "1.5h", "730h");
export const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
export const anyCase = (value: fc.Arbitrary<string>) =>
  fc.tuple(value, fc.boolean()).map(([one, upper]) => (upper ? one.toUpperCase() : one));
export const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
export const some = <T>(from: readonly T[]) => fc.subarray([...from], { minLength: 1 });
export const record = (model: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) =>
  fc.record(model, { requiredKeys: required }) as fc.Arbitrary<Settings>;

export const email = anyCase(fc.tuple(label, label).map(([user, domain]) => `${user}@${domain}.example`));
export const emailDomain = anyCase(label.map((one) => `${one}.contoso.example`));
export const ipv4 = fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map(([address, bits]) => {
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(number / size) * size;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return bits === 32 ? parts.join(".") : `${parts.join(".")}/${bits}`;
});
export const ipRange = fc.oneof(ipv4, fc.constantFrom("2001:DB8::/32", "2001:db8:0:0::1", "fd00:1::/64"));
export const country = fc.constantFrom("DE", "AT", "GB", "PT", "US", "T1", "XX", "XK");

export const unique = (value: fc.Arbitrary<string>) =>
  fc.uniqueArray(value, { minLength: 1, maxLength: 4, selector: (one) => one.toLowerCase() });
export const emails = () => unique(email);
export const emailDomains = () => unique(emailDomain);
export const countries = () => unique(country);
export const ranges = () => unique(fc.oneof(ipv4, fc.constantFrom("2001:DB8::/32", "fd00:1::/64")));
