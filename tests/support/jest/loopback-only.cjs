/**
 * Refuses connections that would leave this machine. Jest loads it before any test (global-setup.cjs), and every Node.js
 * program that a test starts inherits it; Go programs and browsers find a proxy that nobody serves.
 */
const { Socket } = require("node:net");

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|::1|\[::1\]|::ffff:127(\.\d+){3})$/i;
const connect = Socket.prototype.connect;

Socket.prototype.connect = function (...args) {
  // Node.js itself calls with the arguments in an array; everybody else as documented.
  const [target, host] = Array.isArray(args[0]) ? args[0] : args;
  const options = typeof target === "object" ? target : { port: target, host };
  const to = options.host ?? "localhost";
  const isPath = options.path !== undefined || (typeof target === "string" && !/^\d+$/.test(target));
  if (isPath || LOOPBACK.test(to)) return connect.apply(this, args);
  process.nextTick(() => this.destroy(new Error(`No test may leave this machine: ${to}:${options.port}`)));
  return this;
};

module.exports = () => {
  const nobody = "http://127.0.0.1:9";
  Object.assign(process.env, {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(__filename)}`.trim(),
    ...{ HTTP_PROXY: nobody, HTTPS_PROXY: nobody, http_proxy: nobody, https_proxy: nobody },
    ...{ NO_PROXY: "localhost,127.0.0.1,::1", no_proxy: "localhost,127.0.0.1,::1" },
  });
};
