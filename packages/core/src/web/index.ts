/** For frameworks whose handlers take a web-standard `Request` and answer with a `Response`. */
export { type TrackHandlerOptions, trackHandler } from "./track-handler.ts";
