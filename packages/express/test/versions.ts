/** The two majors that are supported, each at both ends. */
import { createRequire } from "node:module";

import express from "express";

// The aliases have no types of their own; what is used of them is the same in all.
const load = createRequire(import.meta.url) as (name: string) => typeof express;

export const VERSIONS = {
  "4.17.0": load("express-4-17"),
  "4.22.3": load("express-4"),
  "5.0.0": load("express-5-0"),
  "5.3.0": express,
} as const;
