import { Button } from "@base-ui/react/button";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { readApiKey, signIn } from "../session.ts";
import { CopyCommand } from "./copy-command.tsx";
import { Logo } from "./logo.tsx";

import controls from "./controls.module.css";
import styles from "./sign-in.module.css";

/** Asks for an API key; it stays in this tab. */
export function SignIn(): ReactNode {
  const client = useQueryClient();
  const [apiKey, setApiKey] = useState("");
  const isRefused = readApiKey() !== undefined;
  return (
    <main className={styles["page"]}>
      <form
        className={styles["card"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (apiKey.trim() === "") return;
          signIn(apiKey.trim());
          void client.resetQueries();
        }}
      >
        <Logo />
        <h1>Sign in</h1>
        <p className={styles["quiet"]}>
          This platform shows its figures only to those who hold one of its API keys. The key stays in this
          browser tab and is sent to this platform only.
        </p>
        {isRefused ? (
          <p className={styles["wrong"]} role="alert">
            The platform does not accept that key. Check it, or make a new one.
          </p>
        ) : null}
        <label className={controls["field"]}>
          API key
          <input
            className={controls["input"]}
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={apiKey}
            onChange={(event) => setApiKey(event.target.value)}
          />
        </label>
        <Button
          type="submit"
          className={`${controls["primary"]} ${styles["submit"]}`}
          disabled={apiKey.trim() === ""}
        >
          Sign in
        </Button>
        <p className={styles["quiet"]}>Where the platform runs, this lists the keys and how to make one:</p>
        <CopyCommand text="npx -y pnpm@12 --silent payi keys" />
      </form>
    </main>
  );
}
