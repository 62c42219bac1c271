/** The size of a load: a small one in `npm test`, the full one in `npm run test:long`. */
export function sized<T>(small: T, full: T): T {
  return process.env.TEST_SIZE === "long" ? full : small;
}
