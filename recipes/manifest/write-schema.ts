import { writeFileSync } from "node:fs";
import { publishedSchema } from "./definition.ts";

writeFileSync(new URL("./tool.schema.json", import.meta.url), `${JSON.stringify(publishedSchema(), null, 2)}\n`);
