// `@peculiar/x509` finds its algorithms through tsyringe, which refuses to load before this polyfill.
import "reflect-metadata";

export * as x509 from "@peculiar/x509";
