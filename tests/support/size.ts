/** Chooses the size of a load: small in `npm test`, full in `npm run test:long`. */
export function sized<T>(small: T, full: T): T {
  return process.env.TEST_SIZE === "long" ? full : small;
}
