import * as pulumi from "@pulumi/pulumi";

/** A resource as the program declared it: resolved inputs and options. */
export interface DeclaredResource {
  type: string;
  inputs: Record<string, unknown>;
  opts: pulumi.CustomResourceOptions;
}

export const tenantId = "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01";
export const accountId = "023e105f4ecef8ad9ca31a8372d0c353";
export const deployerObjectId = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
export const microsoftGraphObjectId = "b19d498e-6687-4156-869a-2e8a95a9d659";

export const microsoftGraph = {
  clientId: "00000003-0000-0000-c000-000000000000",
  objectId: microsoftGraphObjectId,
};

const organization = { authDomain: "contoso.cloudflareaccess.com" };
const clientConfig = { tenantId, objectId: deployerObjectId };

/** The responses of the providers by token; a test may replace one, also by an error. */
export const answers: Record<string, Record<string, unknown> | Error> = {};

/** The outputs of the stack's last update; `credential` is of release 0.1.0. */
export const lastUpdate: Record<string, unknown> = {};

/** The calls of provider functions, by token, and the names of resources, in the order that the program made them. */
export const order: { kind: "call" | "resource"; name: string }[] = [];

const declared = new Map<string, DeclaredResource>();
const options = new Map<string, pulumi.CustomResourceOptions>();

/** Starts a program of project `entra-access`, stack `test`, organization `acme`, without resources. */
export async function startProgram(): Promise<void> {
  declared.clear();
  order.length = 0;
  options.clear();
  Object.assign(answers, {
    "azuread:index/getClientConfig:getClientConfig": clientConfig,
    "azuread:index/getServicePrincipals:getServicePrincipals": {
      servicePrincipals: [microsoftGraph],
      objectIds: [],
    },
    "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization": organization,
  });
  for (const name of Object.keys(lastUpdate)) delete lastUpdate[name];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type === "pulumi:pulumi:StackReference") {
          order.push({ kind: "call", name: type });
          return { id: name, state: { ...inputs, outputs: { ...lastUpdate } } };
        }
        order.push({ kind: "resource", name });
        declared.set(name, { type, inputs: unwrapInputs(inputs), opts: options.get(name) ?? {} });
        return { id: `${name}-id`, state: { ...inputs, ...computeOutputs(type, name, inputs) } };
      },
      call: ({ token }) => {
        order.push({ kind: "call", name: token });
        const answer = answers[token];
        // The SDK takes the message of a failed invoke from gRPC's `details`.
        if (answer instanceof Error) throw Object.assign(answer, { details: answer.message });
        if (!answer) throw new Error(`no response for ${token}`);
        return answer;
      },
    },
    "entra-access",
    "test",
    false,
    "acme",
  );
  // The SDK's mocks have no hooks; the tests with an engine run them.
  const registerResourceHook = (_hook: unknown, done: (error: null) => void) => done(null);
  Object.assign(pulumi.runtime.getMonitor() ?? {}, { registerResourceHook });
}

/** Unwraps inputs: the mock monitor wraps any object that holds a secret. */
function unwrapInputs(inputs: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(inputs).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value)]);
  return Object.fromEntries(entries);
}

function computeOutputs(
  type: string,
  name: string,
  { scimConfig }: { scimConfig?: { enabled?: boolean } },
): Record<string, unknown> {
  if (type.endsWith(":ApplicationPassword")) return { keyId: `${name}-key`, value: "the-client-secret" };
  if (scimConfig?.enabled)
    return { scimConfig: { ...scimConfig, scimBaseUrl: "https://scim.example", secret: "scim-secret" } };
  if (type.endsWith(":RandomString")) return { result: "a1b2c3" };
  if (type.endsWith(":RandomUuid")) return { result: "6b1a7e52-3f0c-4d6a-9a53-0e2f8c1d7b94" };
  if (type.endsWith(":ApplicationFromTemplate"))
    return {
      applicationObjectId: `${name}-object`,
      servicePrincipalObjectId: `${name}-principal`,
      servicePrincipalId: `/servicePrincipals/${name}-principal`,
    };
  return { clientId: `${name}-client`, objectId: `${name}-object` };
}

/** Options for a component under test that also record the options of its children. */
export const observed: pulumi.ComponentResourceOptions = {
  transformations: [
    ({ name, opts }) => {
      options.set(name, opts);
      return undefined;
    },
  ],
};

/** Waits until all resources are registered, and returns them by name. */
export async function resources(): Promise<Record<string, DeclaredResource>> {
  await pulumi.runtime.disconnect();
  return Object.fromEntries(declared);
}

/** Returns the value of an output. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
