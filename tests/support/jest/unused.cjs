/** Stands for a module that is loaded and never used: see `moduleNameMapper` of jest.config.js. */
module.exports = new Proxy(
  { __esModule: true },
  {
    get(target, name) {
      if (name in target) return target[name];
      throw new Error(`${String(name)} was asked of a module that tests load without its code`);
    },
  },
);
