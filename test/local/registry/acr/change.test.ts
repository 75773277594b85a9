import { expect, test } from "@jest/globals";
import { parseChange } from "../../../../local/registry/acr/change.ts";

test.each([
  ['{"writeEnabled":false,"deleteEnabled":true}', { writeEnabled: false, deleteEnabled: true }],
  ['{"teleportEnabled":true}', {}],
  ['{"writeEnabled":"false"}', undefined],
  ['{"writeEnabled":null}', undefined],
  ["[]", undefined],
  ["null", undefined],
  ["", undefined],
])("the body %s gives %j", (text, change) => {
  expect(parseChange(text)).toEqual(change);
});
