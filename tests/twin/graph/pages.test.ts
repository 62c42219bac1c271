import { contoso, contosoGroups, contosoUsers, devSeed, fabrikam, fabrikamUsers } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

let graph: GraphInProcess;
beforeEach(async () => {
  graph = await GraphInProcess.start();
});

const { ada, ben } = contosoUsers;
const { employees } = contosoGroups;
const read = (path: string, headers?: Record<string, string>) =>
  graph.app("Directory.Read.All")("GET", path, undefined, headers);
const idsOf = (objects: { id: string }[]) => objects.map(({ id }) => id);

describe("pages", () => {
  const pages = async (path: string) => {
    const sizes: number[] = [];
    const seen: string[] = [];
    for (let next: string | undefined = path; next; ) {
      const { status, body } = await read(next);
      expect(status).toBe(200);
      sizes.push(body.value.length);
      seen.push(...body.value.map(({ id }: { id: string }) => id));
      next = body["@odata.nextLink"]?.replace("https://localhost:1", "");
      if (next) expect(next).toContain("$skiptoken=");
    }
    return { sizes, seen };
  };

  test("have $top objects, each object once, and keep the other options", async () => {
    const filter = encodeURIComponent("startswith(userPrincipalName,'')");
    const { sizes, seen } = await pages(`/v1.0/users?$top=4&$select=id&$filter=${filter}`);
    expect([sizes, seen]).toEqual([[4, 3], idsOf(Object.values(contosoUsers))]);
    expect((await pages("/v1.0/users?$top=7")).sizes).toEqual([7]);
    expect((await pages(`/v1.0/groups/${employees.id}/transitiveMembers?$top=2`)).sizes).toEqual([2, 2, 1]);
    expect((await pages(`/v1.0/users/${ben.id}/transitiveMemberOf?$top=1`)).sizes).toEqual([1, 1]);
    expect((await pages("/beta/groups?$top=2")).sizes).toEqual([2, 1]);
  });

  test("have a hundred objects by default", async () => {
    const groups = Array.from({ length: 250 }, (_, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      displayName: `Group ${index}`,
      members: [ada.id],
    }));
    graph = await GraphInProcess.start({ ...devSeed, tenants: [{ ...contoso.tenant, groups }] });
    const { sizes, seen } = await pages(`/v1.0/users/${ada.id}/memberOf`);
    expect([sizes, new Set(seen).size]).toEqual([[100, 100, 50], 250]);
  });

  test("belong to one list of one tenant", async () => {
    const link = (await read("/v1.0/users?$top=1")).body["@odata.nextLink"];
    const token = new URL(link).searchParams.get("$skiptoken");
    const { sana } = fabrikamUsers;
    const elsewhere = await graph.with({
      oid: sana.id,
      appid: fabrikam.deployer.appId,
      scp: "User.Read.All",
      tid: fabrikam.tenantId,
      iss: `https://sts.windows.net/${fabrikam.tenantId}/`,
    })("GET", `/v1.0/users?$skiptoken=${token}`);
    expect([elsewhere.status, elsewhere.body.error?.code]).toEqual([400, "Directory_ExpiredPageToken"]);
    for (const path of [
      `/v1.0/groups?$skiptoken=${token}`,
      `/v1.0/users?$skiptoken=${token}&$filter=userType eq 'Guest'`,
      "/v1.0/users?$skiptoken=nonsense",
      "/v1.0/users?$skiptoken=",
    ]) {
      const { status, body } = await read(encodeURI(path));
      expect([path, status, body.error?.code]).toEqual([path, 400, "Directory_ExpiredPageToken"]);
    }
  });

  test.each([
    ["0", "Request_UnsupportedQuery"],
    ["1000", "Request_UnsupportedQuery"],
    ["-1", "BadRequest"],
    ["many", "BadRequest"],
  ])("of %s are a 400", async (top, code) => {
    const { status, body } = await read(`/v1.0/users?$top=${top}`);
    expect([status, body.error.code]).toEqual([400, code]);
  });
});

test("count all objects with $count, which requires eventual consistency", async () => {
  const eventual = { ConsistencyLevel: "eventual" };
  const { body } = await read("/v1.0/users?$count=true&$top=2", eventual);
  expect([body["@odata.count"], body.value.length]).toEqual([7, 2]);
  expect((await read("/v1.0/users?$count=true")).status).toBe(501);
  expect((await read("/v1.0/users?$count=false")).body).not.toHaveProperty("@odata.count");
  expect((await read("/v1.0/users?$count=yes", eventual)).status).toBe(400);
});
