import { newId } from "../../new-id.ts";
import { type StoredAlertChannel } from "../../store/alert.ts";
import { type Store } from "../../store/store.ts";
import { type SendContext, type SendResult, sendAlert } from "./send.ts";

/** Sends a test to a channel at once, one attempt, also where it is switched off. It stands in the history. */
export async function testChannel(
  context: SendContext & { readonly store: Store },
  channel: StoredAlertChannel,
): Promise<SendResult> {
  const { application, id, name } = channel;
  const [alert] = await context.store.raiseAlerts(application, [
    {
      ruleId: "test",
      ruleName: "test",
      kind: "test",
      subject: id,
      period: newId(),
      title: `Test of the channel ${name}`,
      body: "Alerts of this platform will arrive here.",
      facts: { channel_id: id },
      channels: [],
    },
  ]);
  if (alert === undefined) throw new Error("The test was not recorded.");
  const deliveryId = newId();
  const result = await sendAlert(context, channel, alert, deliveryId);
  await context.store.recordDelivery(alert.id, channel, {
    id: deliveryId,
    state: result.delivered ? "delivered" : "dead",
    nextMs: null,
    status: result.status,
    error: result.delivered ? null : result.error,
  });
  return result;
}
