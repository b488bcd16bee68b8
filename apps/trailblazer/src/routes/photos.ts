import { type RequestListener } from "node:http";

import { type RequestHandler } from "express";

import { type FeatureOptions } from "./feature-options.ts";

/** Hands requests over to the Nest application, which is loaded and made with the first of them. */
export function analyzePhotos(options: FeatureOptions): RequestHandler {
  let made: Promise<RequestListener> | undefined;
  const make = async (): Promise<RequestListener> => {
    const { createPhotosApp } = await load();
    return createPhotosApp(options);
  };
  return async function answerPhotos(request, response) {
    // One that could not be made is tried again with the next photo.
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    const app = await made;
    app(request, response);
  };
}

function load(): Promise<typeof import("../analysis/photos-app.ts")> {
  return import("../analysis/photos-app.ts").catch((error: unknown) => {
    if (!(error instanceof SyntaxError)) throw error;
    const message =
      "Node cannot read decorators, which Nest is written with: build the app and run what was built.";
    throw new Error(message, { cause: error });
  });
}
