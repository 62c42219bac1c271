import { contoso, contosoUsers } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

let graph: GraphInProcess;
let appId: string;
let uri: string;
beforeAll(async () => {
  graph = await GraphInProcess.start();
  const ask = graph.app("Application.ReadWrite.All");
  const { body } = await ask("POST", "/v1.0/applications", {
    displayName: "Deployer's own",
    tags: ["Stack"],
  });
  appId = body.appId;
  uri = `api://${appId}`;
  await ask("PATCH", `/v1.0/applications/${body.id}`, { identifierUris: [uri] });
  await ask("POST", "/v1.0/servicePrincipals", { appId, tags: ["Stack"] });
});

const list = (set: string, filter: string) =>
  graph.app("Directory.Read.All")("GET", `/v1.0/${set}?$filter=${encodeURIComponent(filter)}`);
const names = async (set: string, filter: string) => {
  const { status, body } = await list(set, filter);
  return [status, body.value?.map(({ displayName }: { displayName: string }) => displayName)];
};

test.each([
  ["applications", () => "startswith(displayName,'deploy')", ["deployer", "Deployer's own"]],
  ["servicePrincipals", () => "startsWith(displayName, 'DEPLOYER''s')", ["Deployer's own"]],
  ["applications", () => `identifierUris/any(s:s eq '${uri}')`, ["Deployer's own"]],
  ["applications", () => "identifierUris/any(s:s eq 'api://other')", []],
  ["applications", () => "tags/any(t: t eq 'stack') and startswith(displayName,'D')", ["Deployer's own"]],
  ["servicePrincipals", () => `servicePrincipalNames/any(c:c eq '${appId}')`, ["Deployer's own"]],
  ["servicePrincipals", () => `servicePrincipalNames/any(c:c eq '${contoso.auditor.appId}')`, ["auditor"]],
  ["users", () => "mailNickname eq 'ada'", [contosoUsers.ada.displayName]],
  ["users", () => "employeeId eq '1'", []],
] as [string, () => string, string[]][])("%s where %#", async (set, filter, expected) => {
  expect(await names(set, filter())).toEqual([200, expected]);
});

test.each([
  ["displayName eq 'Owners' Club'", 15],
  ["displayName eq 'Owners''", 15],
  ["displayName eq 'a'b'c'", 15],
  ["startswith(displayName,'O'B')", 23],
  ["tags/any(t:t eq 'O'B') and displayName eq 'x'", 16],
])("%s is refused, because an apostrophe is not doubled", async (filter, position) => {
  expect(await list("applications", filter)).toMatchObject({
    status: 400,
    body: {
      error: {
        code: "BadRequest",
        message: `Invalid filter clause: Syntax error at position ${position} in '${filter}'.`,
      },
    },
  });
});

test.each([
  ["applications", "identifierUris/any(s:t eq 'x')"],
  ["applications", "identifierUris/any(s:startswith(s,'x'))"],
  ["applications", "identifierUris/all(s:s eq 'x')"],
  ["applications", "displayName/any(s:s eq 'x')"],
  ["servicePrincipals", "replyUrls/any(s:s eq 'x')"],
])("%s where %s is a 501", async (set, filter) => {
  expect((await list(set, filter)).status).toBe(501);
});
