import { Button } from "@base-ui/react/button";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { askSignIn } from "../api-administration.ts";
import { readApiKey, signIn } from "../session.ts";
import { CopyCommand } from "./copy-command.tsx";
import { Logo } from "./logo.tsx";
import { PasswordForm } from "./password-form.tsx";
import { Skeleton } from "./skeleton.tsx";

import controls from "./controls.module.css";
import styles from "./sign-in.module.css";

/** What the identity provider's way back says when it led nowhere. */
const REFUSALS: Readonly<Record<string, string>> = {
  "#unknown": "You are known there, but no member here. Ask an administrator to invite your address.",
  "#refused": "The identity provider's answer was refused. Try again; the server's log says why.",
  "#expired": "That took too long, or was begun in another browser. Try again.",
};

/** Lets members in by password or identity provider, and everybody with an API key, which stays in this tab. */
export function SignIn(): ReactNode {
  const options = useQuery({ queryKey: ["sign-in"], queryFn: ({ signal }) => askSignIn(signal), retry: 1 });
  const [wantsKey, setWantsKey] = useState(false);
  const hasMembers = options.data?.needs_set_up === false;
  const refusal = REFUSALS[globalThis.location.hash];
  return (
    <main className={styles["page"]}>
      <div className={styles["card"]}>
        <Logo />
        <h1>Sign in</h1>
        {refusal === undefined ? null : (
          <p className={styles["wrong"]} role="alert">
            {refusal}
          </p>
        )}
        {options.isPending ? <Skeleton lines={3} /> : null}
        {!options.isPending && hasMembers && !wantsKey ? (
          <>
            <PasswordForm purpose="sign-in" />
            {options.data?.identity_provider === true ? (
              <a
                className={`${controls["button"]} ${styles["submit"]}`}
                href="/api/v1/session/identity-provider"
              >
                Sign in with your organization
              </a>
            ) : null}
          </>
        ) : null}
        {!options.isPending && (!hasMembers || wantsKey) ? <KeyForm hasMembers={hasMembers} /> : null}
        {hasMembers ? (
          <button type="button" className={styles["link"]} onClick={() => setWantsKey(!wantsKey)}>
            {wantsKey ? "Sign in as a member" : "Use an API key"}
          </button>
        ) : null}
      </div>
    </main>
  );
}

function KeyForm({ hasMembers }: { readonly hasMembers: boolean }): ReactNode {
  const client = useQueryClient();
  const [apiKey, setApiKey] = useState("");
  const isRefused = readApiKey() !== undefined;
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (apiKey.trim() === "") return;
        signIn(apiKey.trim());
        void client.resetQueries();
      }}
    >
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
      {hasMembers ? null : (
        <p className={styles["quiet"]}>
          To sign in by name, become the first member: the server prints the address for that when it starts.
        </p>
      )}
    </form>
  );
}
