import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { sessionQuery } from "../api-administration.ts";
import { chooseApplication } from "../chosen-application.ts";
import { Choice } from "./choice.tsx";

import styles from "./shell.module.css";

/** Whose figures these are; where several applications are in reach, the way to another one. */
export function ApplicationSwitch({ name }: { readonly name: string }): ReactNode {
  const session = useQuery(sessionQuery).data;
  const current = session?.application;
  if (session === undefined || !current || session.applications.length < 2) {
    return <span className={styles["application"]}>{name}</span>;
  }
  return (
    <Choice
      label="of"
      value={current.application_id}
      options={session.applications.map((one) => ({ value: one.application_id, label: one.name }))}
      onChange={(id) => {
        chooseApplication(id);
        // A fresh page: no figure of the other application is left on screen or in memory.
        globalThis.location.assign("/");
      }}
    />
  );
}
