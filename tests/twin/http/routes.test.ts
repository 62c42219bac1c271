import { createServiceApp, type Route } from "../../../twin/http/routes";

class Refusal extends Error {}

const routes: Route<[id: string]>[] = [
  { call: "GET /objects/count", handle: () => Response.json("count") },
  { call: "GET /objects/{id}", handle: (id) => Response.json(id) },
  { call: "POST /objects/{id}", handle: () => Promise.reject(new Refusal("no change")) },
  { call: "DELETE /objects/{id}", handle: () => Promise.reject(new TypeError("a mistake of the twin")) },
];

const app = createServiceApp({
  routes,
  getBasePath: () => "/v1",
  serve: (c, { handle }) => handle(c.req.param("id") ?? ""),
  ownPaths: ["/v1/*"],
  refuse: (c) => c.text("not served", 501),
  formatError: (error, c) => (error instanceof Refusal ? c.text(error.message, 403) : undefined),
});

const answer = async (method: string, path: string) => {
  const response = await app.request(path, { method });
  return [response.status, await response.text()];
};

describe("createServiceApp", () => {
  it("passes the segment that stands for a parameter", async () => {
    expect(await answer("GET", "/v1/objects/a1")).toEqual([200, '"a1"']);
  });

  it("serves a call by the first route that matches", async () => {
    expect(await answer("GET", "/v1/objects/count")).toEqual([200, '"count"']);
  });

  it("refuses a call without a route below its own paths", async () => {
    expect(await answer("PUT", "/v1/objects/a1")).toEqual([501, "not served"]);
    expect(await answer("GET", "/v1/others")).toEqual([501, "not served"]);
  });

  it("leaves other paths to other services", async () => {
    expect((await answer("GET", "/objects/a1"))[0]).toBe(404);
  });

  it("answers an error of the service as the service formats it", async () => {
    expect(await answer("POST", "/v1/objects/a1")).toEqual([403, "no change"]);
  });

  it("does not answer any other error", async () => {
    await expect(answer("DELETE", "/v1/objects/a1")).rejects.toThrow("a mistake of the twin");
  });
});
