/**
 * RSA keys and certificates that a test file gets from the files before it in this worker, each once: starting a twin takes
 * 0.1 s of processor time to make a key, and 0.3 s for its certificates and the modules that make them.
 */
const crypto = require("node:crypto");
const { promisify } = require("node:util");
const selfsigned = require("selfsigned");

const { generateKeyPair } = crypto;
const generate = promisify(generateKeyPair);
const DAY = 24 * 3600 * 1000;

/** Made so far, in order, by what was asked for. */
const made = new Map();
/** How many of them this test file has. */
const taken = new Map();

function take(kind, make) {
  const [all, next] = [made.get(kind) ?? [], taken.get(kind) ?? 0];
  made.set(kind, all);
  taken.set(kind, next + 1);
  all[next] ??= make();
  return all[next];
}

crypto.generateKeyPair = (...all) => generateKeyPair(...all);
crypto.generateKeyPair[promisify.custom] = (type, options) =>
  type === "rsa" && JSON.stringify(options) === '{"modulusLength":2048}'
    ? take(type, () => generate(type, options))
    : generate(type, options);

/** The package `selfsigned` of all test files. */
exports.selfsigned = {
  generate(attributes, { notBeforeDate, notAfterDate, ...options }) {
    const days = [notBeforeDate, notAfterDate].map((date) => date && Math.round((date - Date.now()) / DAY));
    const [from, to] = days.map((day) => day && new Date(Date.now() + day * DAY));
    return take(JSON.stringify([attributes, options, days]), () =>
      selfsigned.generate(attributes, { ...options, notBeforeDate: from, notAfterDate: to }),
    );
  },
};

/** Begins a test file. */
exports.begin = () => taken.clear();
