import { type RequestListener } from "node:http";

import { type RequestHandler } from "express";

import { type FeatureOptions } from "./feature-options.ts";

/** Hands requests over to the Nest application, which is loaded and made with the first of them. */
export function analyzePhotos(options: FeatureOptions): RequestHandler {
  let made: Promise<RequestListener> | undefined;
  return async function answerPhotos(request, response) {
    // One that could not be made is tried again with the next photo.
    made ??= makeApp(options).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    const app = await made;
    app(request, response);
  };
}

async function makeApp(options: FeatureOptions): Promise<RequestListener> {
  try {
    const { createPhotosApp } = await import("../analysis/photos-app.ts");
    return await createPhotosApp(options);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message =
      "Node cannot read decorators, which Nest is written with: build the app and run what was built.";
    throw new Error(message, { cause: error });
  }
}
