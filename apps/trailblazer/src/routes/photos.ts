import { type RequestHandler } from "express";

import { type PhotosApp } from "../analysis/photos-app.ts";
import { type FeatureOptions } from "./feature-options.ts";

/** Hands requests over to the Nest application, which is made with the first of them. */
export function analyzePhotos(options: FeatureOptions): RequestHandler {
  let made: Promise<PhotosApp> | undefined;
  const make = async (): Promise<PhotosApp> => {
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
