import { DEFAULT_NODE, NODE_IMAGES } from "../base-images.ts";
import { because } from "../recipe.ts";
import type { Detector } from "../recipe.ts";

/** Where pages are, the folder itself first. */
const FOLDERS = [".", "public", "dist", "build", "site", "www", "out"];
const INDEX = "index.html";

/** A folder of files with a page to begin with, and nothing that serves it. */
export const staticSite: Detector = {
  runtimes: ["static"],
  recognise: async (source) => {
    const { entrypoint, command } = source.manifest.fields;
    const folder = FOLDERS.find((each) => source.has(each === "." ? INDEX : `${each}/${INDEX}`));
    if (folder === undefined || entrypoint !== undefined) return undefined;
    const index = folder === "." ? INDEX : `${folder}/${INDEX}`;
    return {
      candidates: [
        {
          runtime: "static",
          version: 1,
          protocol: "http",
          command: () => ["node", "/opt/toolwharf/serve-site.cjs", folder],
          healthPath: { value: "/health", why: "the file server answers it" },
          template: "static",
          base: NODE_IMAGES[DEFAULT_NODE],
          reasons: [because("static", `${index} is there and no server`), ...(command ? [] : [because(`the files in ${folder === "." ? "the folder" : folder} are served`, `${index} is one of them`)])],
          decidedBy: "runtime: static",
        },
      ],
      problems: [],
    };
  },
};
