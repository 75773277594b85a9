const common = {
  testEnvironment: "node",
  transform: { "\\.ts$": "<rootDir>/scripts/jest/strip-types.cjs" },
  extensionsToTreatAsEsm: [".ts"],
  moduleFileExtensions: ["ts", "js", "cjs", "mjs", "json", "node"],
  modulePathIgnorePatterns: ["<rootDir>/.toolwharf/", "<rootDir>/dist/", "<rootDir>/test/fixtures/"],
  restoreMocks: true,
};

export default {
  reporters: ["default", "<rootDir>/scripts/jest/summary-reporter.cjs"],
  cacheDirectory: "<rootDir>/.toolwharf/cache/jest",
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "\\.contract\\.test\\.ts$", "<rootDir>/test/integration/"],
    },
    {
      ...common,
      displayName: "contract",
      testMatch: ["<rootDir>/test/**/*.contract.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/integration/"],
    },
    {
      ...common,
      displayName: "integration",
      testMatch: ["<rootDir>/test/integration/**/*.test.ts"],
    },
  ],
};
