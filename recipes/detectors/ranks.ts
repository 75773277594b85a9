import type { Detector } from "../recipe.ts";
import { nodejs, nodejsWithoutStart } from "./nodejs.ts";
import { python } from "./python.ts";
import { staticSite } from "./static.ts";

/**
 * Detectors of one rank are all asked, and two answers are one too many; a later rank is asked when the ranks before it
 * recognise nothing. A Dockerfile of the folder's own comes before all of them.
 */
export const RANKS: readonly (readonly Detector[])[] = [[python, nodejs], [staticSite], [nodejsWithoutStart]];
