import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { type ReactNode } from "react";

import { loadDemoData, removeDemoData, statusQuery } from "../api.ts";
import { showCount } from "../format.ts";
import { Failure } from "./failure.tsx";

import controls from "./controls.module.css";
import styles from "./demo-data.module.css";

const DAYS = 14;

/** Says that seeded data is among the figures, and removes it; nothing where there is none. */
export function DemoDataMark(): ReactNode {
  const status = useQuery(statusQuery).data;
  const removal = useDemoChange(removeDemoData);
  if (status === undefined || status.seeded_events === 0) return null;
  return (
    <div className={styles["mark"]} role="note">
      <FlaskConical size={16} aria-hidden="true" />
      <span className={styles["words"]}>
        <strong>Demo data.</strong> {showCount(status.seeded_events)} of {showCount(status.events)} requests
        are made up and marked as such.
      </span>
      <Button
        className={controls["button"]}
        disabled={removal.isPending}
        focusableWhenDisabled
        onClick={() => removal.mutate()}
      >
        {removal.isPending ? "Removing…" : "Remove demo data"}
      </Button>
      {removal.error === null ? null : <Failure error={removal.error} />}
    </div>
  );
}

/** Fills the platform with some days of made-up traffic. */
export function LoadDemoData(): ReactNode {
  const load = useDemoChange(() => loadDemoData(DAYS));
  return (
    <>
      <Button
        className={controls["button"]}
        disabled={load.isPending}
        focusableWhenDisabled
        onClick={() => load.mutate()}
      >
        <FlaskConical size={15} aria-hidden="true" />
        {load.isPending ? "Loading…" : "Load demo data"}
      </Button>
      {load.error === null ? null : <Failure error={load.error} />}
    </>
  );
}

function useDemoChange(change: () => Promise<void>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ["analytics"] }),
  });
}
