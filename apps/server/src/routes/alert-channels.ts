import { WireError, show } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { type Alerts } from "../domain/alerts/alerts.ts";
import { readChannel, sameChannel } from "../domain/alerts/channel.ts";
import { testChannel } from "../domain/alerts/test-alert.ts";
import {
  ChannelAnswer,
  ChannelInput,
  ChannelPage,
  ChannelTestAnswer,
  ChannelUpdate,
} from "../http/api/alert-shapes.ts";
import { Answer, PAGE_QUERY } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { encodeChannel } from "../http/encode-alert.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type StoredAlertChannel } from "../store/alert.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

const OURS = { access: "dashboard", tag: "Alerts", ours: true } as const;

/** Where alerts are sent. */
export function registerAlertChannels(app: FastifyInstance, store: Store, alerts: Alerts): void {
  app.get<{ Querystring: Query }>(
    "/alerts/channels",
    operation({ ...OURS, summary: "List alert channels", query: PAGE_QUERY, answers: { 200: ChannelPage } }),
    async (request) => {
      const page = await store.alertChannels(accessOf(request).application, readPage(request.query, true));
      return encodePage(request.id, page, encodeChannel);
    },
  );

  app.post(
    "/alerts/channels",
    operation({
      ...OURS,
      summary: "Create an alert channel",
      description: "Idempotent: the same name with the same settings is the channel that is there.",
      secrets: ["secret"],
      body: ChannelInput,
      answers: { 200: ChannelAnswer, 201: ChannelAnswer },
    }),
    async (request, reply) => {
      const { application, actor } = accessOf(request);
      const read = await readChannel(request.body, application, alerts.sending);
      const { value, created } = await store.createAlertChannel(read.channel, actor);
      if (!created && (value.kind !== read.channel.kind || !sameChannel(value, read, alerts.sending.box))) {
        throw new WireError(
          "alert_channel_exists",
          `A channel named ${show(value.name)} exists with other settings. Change it with PUT /api/v1/alerts/channels/${value.id}, or choose another name.`,
        );
      }
      const told = created && read.madeSecret !== undefined ? { secret: read.madeSecret } : {};
      return reply
        .code(created ? 201 : 200)
        .send({ request_id: request.id, ...encodeChannel(value), ...told });
    },
  );

  app.get<One>(
    "/alerts/channels/:id",
    operation({ ...OURS, summary: "Read an alert channel", answers: { 200: ChannelAnswer } }),
    async (request) => ({
      request_id: request.id,
      ...encodeChannel(await requireChannel(accessOf(request).application, request.params.id)),
    }),
  );

  app.put<One>(
    "/alerts/channels/:id",
    operation({
      ...OURS,
      summary: "Change an alert channel",
      description: "Fields that are left out stay, the secret too.",
      body: ChannelUpdate,
      answers: { 200: ChannelAnswer },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const known = await requireChannel(application, request.params.id);
      const { channel } = await readChannel(request.body, application, alerts.sending, known);
      return {
        request_id: request.id,
        ...encodeChannel(await store.changeAlertChannel(known.id, channel, actor)),
      };
    },
  );

  app.delete<One>(
    "/alerts/channels/:id",
    operation({ ...OURS, summary: "Delete an alert channel", answers: { 200: Answer({}) } }),
    async (request) => {
      const { application, actor } = accessOf(request);
      await store.deleteAlertChannel(application, request.params.id, actor);
      return { request_id: request.id };
    },
  );

  app.post<One>(
    "/alerts/channels/:id/test",
    operation({
      ...OURS,
      summary: "Send a test to an alert channel now",
      answers: { 200: ChannelTestAnswer },
    }),
    async (request) => {
      const channel = await requireChannel(accessOf(request).application, request.params.id);
      const result = await testChannel({ ...alerts.sending, store }, channel);
      return {
        request_id: request.id,
        delivered: result.delivered,
        status: result.status,
        error: result.delivered ? null : result.error,
      };
    },
  );

  async function requireChannel(application: string, id: string): Promise<StoredAlertChannel> {
    const found = await store.alertChannel(application, id);
    if (found !== undefined) return found;
    throw new WireError(
      "alert_channel_not_found",
      `There is no channel ${show(id)}. List them with GET /api/v1/alerts/channels.`,
    );
  }
}
