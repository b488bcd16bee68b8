import {
  Body,
  Controller,
  Headers,
  HttpCode,
  Inject,
  Post,
  UploadedFiles,
  UseInterceptors,
} from "@nestjs/common";
import { FilesInterceptor } from "@nestjs/platform-express";
import { type InstanceHandle, PayiInstance, Track, type TrackedCall } from "@payi/nestjs";

import { InputError, readChoice, readFields } from "../input.ts";
import { type FeatureOptions } from "../routes/feature-options.ts";
import { lookAtPhotos } from "./look-at-photos.ts";
import {
  PHOTO_TYPES,
  type Photo,
  type PhotoReport,
  readPhotoFields,
  readPhotoReport,
  writePhotoPrompt,
} from "./photo-report.ts";

/** The token of {@link FeatureOptions}. */
export const FEATURE_OPTIONS: unique symbol = Symbol("FEATURE_OPTIONS");

/** The part of an uploaded file that is used. */
interface UploadedPhoto {
  readonly mimetype: string;
  readonly buffer: Buffer;
}

const MOST_PHOTOS = 4;
const LARGEST_PHOTO = 4 * 1024 * 1024;

/** `POST /api/photos/analyze`: a form with up to four `photos` and the fields of the question, answered with a report. */
@Controller("api/photos")
export class PhotosController {
  readonly #options: FeatureOptions;

  constructor(@Inject(FEATURE_OPTIONS) options: FeatureOptions) {
    this.#options = options;
  }

  @Post("analyze")
  @HttpCode(200)
  // Version 2 came with the advice for the vehicle: the dashboard compares it with what was before.
  @Track({
    useCaseName: "trail_analysis",
    useCaseVersion: 2,
    useCaseStep: "look",
    useCaseProperties: ({ args: [, body] }) => formProperties(body),
    requestProperties: ({ args: [files] }: TrackedCall) => ({
      image_count: String((files as unknown[]).length),
    }),
    recordKpis: (report) => ({ difficulty_rating: (report as PhotoReport).difficulty }),
  })
  @UseInterceptors(FilesInterceptor("photos", MOST_PHOTOS, { limits: { fileSize: LARGEST_PHOTO } }))
  async analyze(
    @UploadedFiles() files: readonly UploadedPhoto[],
    @Body() body: unknown,
    @Headers() headers: Readonly<Record<string, string>>,
    @PayiInstance() instance: InstanceHandle | undefined,
  ): Promise<PhotoReport> {
    const question = { ...readPhotoFields(body), photos: readPhotos(files) };
    const { providers, forwardHeaders, judge } = this.#options;
    const options = { signal: instance?.signal, headers: forwardHeaders((name) => headers[name]) };
    const answer = await lookAtPhotos(providers, question, options);
    const report = readPhotoReport(answer);
    instance?.recordKpi("analysis_success", report !== undefined);
    instance?.recordKpi("image_count", files.length);
    if (report === undefined) throw new Error("The model's answer is no report.");
    judge.consider({ question: writePhotoPrompt(question), answer });
    return report;
  }
}

/** What an instance of the use case is told apart by. A form that cannot be read makes no instance. */
function formProperties(body: unknown): Record<string, string> {
  const { trailName, vehicleMake } = readFields(body);
  return { trail_name: String(trailName), vehicle_make: String(vehicleMake) };
}

function readPhotos(files: readonly UploadedPhoto[]): readonly Photo[] {
  if (files.length === 0) throw new InputError(`photos must be 1 to ${MOST_PHOTOS} files, got none.`);
  return files.map(({ mimetype, buffer }) => ({
    type: readChoice(mimetype, "The type of a photo", PHOTO_TYPES),
    base64: buffer.toString("base64"),
  }));
}
