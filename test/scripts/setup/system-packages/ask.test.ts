import { expect, test } from "@jest/globals";
import { confirmInstallation } from "../../../../scripts/setup/system-packages/ask.js";

const packages = [
  { name: "docker.io", why: "the engine" },
  { name: "mmdebstrap", why: "base images" },
];

test("TOOLWHARF_NO_INSTALL refuses, and names all packages in one command", async () => {
  const asked = confirmInstallation(packages, { env: { TOOLWHARF_NO_INSTALL: "1" }, note: () => undefined, terminal: true });
  await expect(asked).rejects.toMatchObject({ code: "INSTALL_REFUSED", message: expect.stringContaining("apt-get install -y docker.io mmdebstrap") });
});

test("without a terminal it goes ahead and says so", async () => {
  const notes: string[] = [];
  await confirmInstallation(packages, { env: {}, note: (text: string) => notes.push(text), terminal: false });
  expect(notes).toEqual([
    "docker.io is missing: the engine",
    "mmdebstrap is missing: base images",
    expect.stringMatching(/no terminal to ask at.*apt-get install -y docker.io mmdebstrap/),
  ]);
});
