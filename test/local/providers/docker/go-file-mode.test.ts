import { expect, test } from "@jest/globals";
import { constants } from "node:fs";
import { goFileMode } from "../../../../local/providers/docker/go-file-mode.ts";

test.each([
  [0, "----------"],
  [constants.S_IFREG | 0o644, "-rw-r--r--"],
  [constants.S_IFREG | 0o755, "-rwxr-xr-x"],
  [constants.S_IFLNK | 0o777, "Lrwxrwxrwx"],
  [constants.S_IFDIR | 0o1777, "dtrwxrwxrwx"],
  [constants.S_IFREG | 0o4755, "urwxr-xr-x"],
  [constants.S_IFREG | 0o6755, "ugrwxr-xr-x"],
  [constants.S_IFIFO | 0o600, "prw-------"],
])("%o is %s", (mode, shown) => expect(goFileMode(mode)).toBe(shown));
