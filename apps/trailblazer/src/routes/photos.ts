import { type RequestListener } from "node:http";

import { type RequestHandler } from "express";

import { type FeatureOptions } from "./feature-options.ts";

/** Hands requests over to the Nest application, which is loaded and made with the first of them. */
export function analyzePhotos(options: FeatureOptions): RequestHandler {
  let made: Promise<RequestListener> | undefined;
  const make = async (): Promise<RequestListener> => {
    const { createPhotosApp } = await import("../analysis/photos-app.ts");
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
