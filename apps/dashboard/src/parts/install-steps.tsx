import { type ReactNode } from "react";

import { useLiveUpdates } from "../live-updates.tsx";
import { CopyCommand } from "./copy-command.tsx";
import { LoadDemoData } from "./demo-data.tsx";

import styles from "./install-steps.module.css";

/** What an empty platform shows: how the first request gets here, and that it is waited for. */
export function InstallSteps(): ReactNode {
  const { state } = useLiveUpdates();
  const origin = globalThis.location.origin;
  const code = `import express from "express";
import { payiInstrument } from "@payi/core";
import { trackRequests, trackUseCase } from "@payi/express";

payiInstrument();
const app = express();
app.use(trackRequests({ userId: (request) => request.get("x-user") }));
app.post("/search", trackUseCase("trail_finder"), search);`;
  return (
    <div className={styles["steps"]}>
      <div className={styles["waiting"]} role="status">
        <span className={styles["dot"]} data-open={state === "open"} aria-hidden="true" />
        <div>
          <strong>{state === "open" ? "Waiting for the first event" : "Connecting to the platform"}</strong>
          <p>Nothing has arrived yet, so there is nothing to show. This page changes by itself.</p>
        </div>
      </div>
      <ol className={styles["list"]}>
        <li>
          <h2>Add the packages to your app</h2>
          <CopyCommand text="npm install @payi/core @payi/express" />
        </li>
        <li>
          <h2>Instrument it once, and name what it does</h2>
          <CopyCommand text={code} />
        </li>
        <li>
          <h2>Tell it where the platform is, and start it</h2>
          <CopyCommand text={`PAYI_BASE_URL=${origin} PAYI_API_KEY=<your key> node app.js`} />
        </li>
      </ol>
      <div className={styles["demo"]}>
        <div>
          <h2>Just looking?</h2>
          <p>Two weeks of made-up traffic, marked as such and removed with one click.</p>
        </div>
        <LoadDemoData />
      </div>
    </div>
  );
}
