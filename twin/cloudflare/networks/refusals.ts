/** How the API of tunnels and routes refuses; of these only the numbers 1014 and 1015 and their texts were found. */
import type { Habits } from "../collection";
import { CloudflareError } from "../errors";

export const invalid = (why: string) => new CloudflareError(400, 1003, why);

export const unknown = (what: string) => new CloudflareError(404, 1003, `${what} not found`);

export const conflict = (why: string) => new CloudflareError(409, 1003, why);

export const NETWORKS: Habits = { change: "PATCH", made: 200, deleted: 200, pages: true };
