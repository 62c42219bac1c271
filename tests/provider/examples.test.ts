import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { transformSync } from "@swc/core";

/** A type of the schema, as far as the examples need it. */
interface Shape {
  type?: string;
  $ref?: string;
  items?: Shape;
  additionalProperties?: Shape;
  enum?: { value: unknown }[];
  properties?: Record<string, Shape>;
  required?: string[];
}
interface Component {
  inputProperties: Record<string, Shape>;
  requiredInputs: string[];
  properties: Record<string, Shape>;
}
/** An example in one language. Calls are the components that it creates, with their arguments as JavaScript values. */
interface Language {
  /** The name of a property in that language. */
  readonly rename: (property: string) => string;
  readonly listCalls: (code: string) => Call[];
}
type Call = readonly [component: string, args: Record<string, unknown>];

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/components.md"), "utf8");
const schema = JSON.parse(readFileSync(join(root, "provider/components.schema.json"), "utf8"));
const { safeLoad } = require("js-yaml");

const getComponent = (name: string): Component => schema.resources[`entra-access:index:${name}`];
const getExample = (language: string) =>
  new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(page)?.[1] ?? "";

const camel = (property: string) => property;
const pascal = (property: string) => property.charAt(0).toUpperCase() + property.slice(1);
const snake = (property: string) => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The value of a variable or an output, which may be anything. */
const VARIABLE: unknown = new Proxy({}, { get: () => VARIABLE });

/** Evaluates a literal. */
function evaluate(literal: string): Record<string, unknown> {
  const variables = new Proxy({}, { has: () => true, get: () => VARIABLE });
  return runInContext(`(${literal})`, createContext(variables));
}

/** Returns a text from a brace to the one that closes it. */
function readBraces(code: string, from: number): string {
  let depth = 0;
  for (let at = code.indexOf("{", from); at < code.length; at += 1) {
    if (code[at] === "{") depth += 1;
    if (code[at] === "}") depth -= 1;
    if (depth === 0) return code.slice(code.indexOf("{", from), at + 1);
  }
  throw new Error(`no end of ${code.slice(from, from + 80)}`);
}

const listCallsInBraces = (code: string, start: RegExp): Call[] =>
  [...code.matchAll(start)].map((match) => [
    match[1] ?? "",
    evaluate(readBraces(code, match.index + match[0].length)),
  ]);

const LANGUAGES: Readonly<Record<string, Language>> = {
  ts: {
    rename: camel,
    listCalls(code) {
      const calls: Call[] = [];
      const sdk = new Proxy(
        {},
        {
          get: (_target, name) =>
            class {
              constructor(_name: string, args: Record<string, unknown>) {
                calls.push([String(name), args]);
                // biome-ignore lint/correctness/noConstructorReturn: its outputs are variables
                return VARIABLE as object;
              }
            },
        },
      );
      const program = transformSync(code, {
        swcrc: false,
        module: { type: "commonjs", importInterop: "none" },
      });
      runInContext(program.code, createContext({ require: () => sdk, exports: {}, module: {} }));
      return calls;
    },
  },
  python: {
    rename: snake,
    listCalls: (code) =>
      [...code.matchAll(/entra_access\.(\w+)\(\n\s+"\w+",\n([\s\S]*?)\n\)/g)].map(
        ([, name = "", args = ""]) => [
          name,
          evaluate(`{${args.replace(/\n\s+opts=.*/, "").replace(/(\w+)=/g, "$1:")}}`),
        ],
      ),
  },
  go: {
    rename: pascal,
    listCalls: (code) =>
      listCallsInBraces(
        code
          .replace(/\[\]string\{([^}]*)\}/g, "[$1]")
          .replace(/pulumi\.String\(("[^"]*")\)/g, "$1")
          .replace(/map\[string\]entraaccess\.\w+\{/g, "{")
          .replace(/entraaccess\.(\w+Args)\{/g, '{ $type: "$1", ')
          .replaceAll("&{", "{"),
        /entraaccess\.New(\w+)\(ctx, "\w+", /g,
      ),
  },
  csharp: {
    rename: pascal,
    listCalls: (code) =>
      listCallsInBraces(
        code
          .replace(/\{ ("[^"]*") \}/g, "[$1]")
          .replace(/\["(\w+)"\] = /g, '"$1": ')
          .replace(/new (\w+Args)\s*\{/g, '{ $type: "$1", ')
          .replace(/(\w+) = /g, "$1: ")
          .replace(/new\(\)\s*\{/g, "{"),
        /new (\w+)\("\w+", /g,
      ),
  },
  yaml: {
    rename: camel,
    listCalls: (code) =>
      Object.values<{ type: string; properties: Record<string, unknown> }>(safeLoad(code).resources).map(
        ({ type, properties }) => [type.replace(/^entra-access:/, ""), properties],
      ),
  },
};

/** Lists what is wrong with a value, by the names of a language. */
function findMistakes(value: unknown, shape: Shape, rename: Language["rename"], path: string): string[] {
  if (value === VARIABLE) return [];
  if (shape.$ref) {
    const name = shape.$ref.split(":").at(-1) ?? "";
    const type: Shape = schema.types[`entra-access:index:${name}`];
    const given = (value as { $type?: string }).$type;
    if (given !== undefined && given !== `${name}Args`)
      return [`${path} must be ${name}Args; found ${given}`];
    return findMistakes(value, type, rename, path);
  }
  if (shape.enum) return shape.enum.some((one) => one.value === value) ? [] : [`${path} must be of the enum`];
  if (shape.type === "array")
    return Array.isArray(value)
      ? value.flatMap((item) => findMistakes(item, shape.items ?? {}, rename, `${path}[]`))
      : [`${path} must be a list`];
  if (shape.type !== "object")
    return typeof value === (shape.type === "integer" ? "number" : shape.type)
      ? []
      : [`${path} must be a ${shape.type}`];
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [`${path} must be an object`];
  const entries = Object.entries(value).filter(([key]) => key !== "$type");
  const { additionalProperties, properties = {}, required = [] } = shape;
  if (additionalProperties)
    return entries.flatMap(([key, item]) =>
      findMistakes(item, additionalProperties, rename, `${path}.${key}`),
    );
  const known = Object.fromEntries(Object.entries(properties).map(([key, one]) => [rename(key), one]));
  return [
    ...required
      .map(rename)
      .filter((key) => !(key in value))
      .map((key) => `${path}.${key} is required`),
    ...entries.flatMap(([key, item]) =>
      known[key] ? findMistakes(item, known[key], rename, `${path}.${key}`) : [`${path}.${key} is unknown`],
    ),
  ];
}

function findMistakesOfExample(code: string, { rename, listCalls }: Language): string[] {
  return listCalls(code).flatMap(([name, args]) => {
    const component = getComponent(name);
    if (!component) return [`${name} is unknown`];
    const { inputProperties: properties, requiredInputs: required } = component;
    const { $type = `${name}Args` } = args;
    return [
      ...($type === `${name}Args` ? [] : [`the arguments of ${name} must be ${name}Args; found ${$type}`]),
      ...findMistakes(args, { type: "object", properties, required }, rename, name),
    ];
  });
}

describe.each(Object.entries(LANGUAGES))("the example in docs/components.md in %s", (name, language) => {
  const code = getExample(name);

  it("creates the three components, with the arguments that the schema has and requires", () => {
    expect(language.listCalls(code).map(([component]) => component)).toEqual([
      "EntraApplication",
      "AccessIdentityProvider",
      "Access",
    ]);
    expect(findMistakesOfExample(code, language)).toEqual([]);
  });

  it("reads outputs that the components have", () => {
    const owners = { application: "EntraApplication", identityprovider: "AccessIdentityProvider" };
    const reads = [...code.matchAll(/\b(application|identity_?provider)\.(\w+)/gi)].map(
      ([, variable = "", output = ""]) => {
        const owner = variable.toLowerCase().replace("_", "") as keyof typeof owners;
        return { output, known: Object.keys(getComponent(owners[owner]).properties).map(language.rename) };
      },
    );
    expect(reads.length).toBeGreaterThanOrEqual(5);
    expect(reads.filter(({ output, known }) => !known.includes(output)).map(({ output }) => output)).toEqual(
      [],
    );
  });

  it.each([
    ["an unknown argument", language.rename("displayName"), language.rename("displayNames")],
    ["a missing one", /^.*\bteam_?name\b.*$/gim, ""],
    ["an unknown one of a nested type", language.rename("endDate"), language.rename("endsAt")],
  ])("would fail this test with %s", (_what, from, to) => {
    const broken = code.replace(from, (line) => (from instanceof RegExp ? line.replace(TEAM_NAME, to) : to));
    expect(findMistakesOfExample(broken, language)).not.toEqual([]);
  });
});

/** The argument for the team in any of the languages, with the comma that ends it. */
const TEAM_NAME = /\bteam_?name ?[:=] ?("contoso"|team|contoso),?/i;
