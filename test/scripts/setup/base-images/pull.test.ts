import { expect, test } from "@jest/globals";
import { layerCounter } from "../../../../scripts/setup/base-images/pull.js";

test("counts layers from the engine's lines, however they are cut", () => {
  const shown: string[] = [];
  const count = layerCounter((text: string) => shown.push(text));
  const lines = [
    { id: "3.11-slim-bookworm", status: "Pulling from library/python" },
    { id: "aa", status: "Pulling fs layer" },
    { id: "bb", status: "Already exists" },
    { id: "aa", status: "Pull complete" },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\r\n`).join("");
  count(text.slice(0, 90));
  count(text.slice(90));
  expect(shown.at(-1)).toBe("2 of 2 layers");
});
