import { describe, expect, test } from "@jest/globals";
import { bookwormSources } from "../../../../scripts/setup/base-images/debian.js";

describe("bookwormSources", () => {
  test("a machine that takes bookworm from a mirror hands the mirror on, updates and security included", () => {
    const listed = [
      "Packages http://mirror.internal/debian/ bookworm main",
      "DEP-11 http://mirror.internal/debian/ bookworm main",
      "Packages http://mirror.internal/debian/ bookworm contrib",
      "Packages http://mirror.internal/debian-security/ bookworm-security main",
      "Packages http://packages.example/apt stable main",
    ].join("\n");
    expect(bookwormSources(listed)).toEqual(["deb http://mirror.internal/debian/ bookworm main", "deb http://mirror.internal/debian-security/ bookworm-security main"]);
  });

  test("another release says nothing about bookworm", () => {
    expect(bookwormSources("Packages http://archive.ubuntu.com/ubuntu/ noble main\n")).toEqual([]);
  });
});
