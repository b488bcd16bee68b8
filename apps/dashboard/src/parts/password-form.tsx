import { Button } from "@base-ui/react/button";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { acceptInvitation, becomeOwner, signInAs } from "../api-administration.ts";
import { Failure } from "./failure.tsx";

import controls from "./controls.module.css";
import styles from "./sign-in.module.css";

/** What a password is asked for. */
export type PasswordPurpose = "sign-in" | "set-up" | "invitation";

const SUBMIT: Readonly<Record<PasswordPurpose, string>> = {
  "sign-in": "Sign in",
  "set-up": "Become the owner",
  invitation: "Choose this password",
};

/** Asks for a password, and for the address where that is not known; whoever is let in sees the overview. */
export function PasswordForm({
  purpose,
  token = "",
}: {
  readonly purpose: PasswordPurpose;
  /** What the link brought along. */
  readonly token?: string;
}): ReactNode {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: async () => {
      if (purpose === "sign-in") await signInAs(email, password);
      else if (purpose === "set-up") await becomeOwner(token, email, password);
      else await acceptInvitation(token, password);
    },
    // A fresh page: nothing of whoever was here before is left in memory.
    onSuccess: () => globalThis.location.replace("/"),
  });
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate();
      }}
    >
      {purpose === "invitation" ? null : (
        <label className={controls["field"]}>
          E-mail address
          <input
            className={controls["input"]}
            type="email"
            required
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
      )}
      <label className={controls["field"]}>
        {purpose === "sign-in" ? "Password" : "New password, 12 characters at least"}
        <input
          className={controls["input"]}
          type="password"
          required
          autoComplete={purpose === "sign-in" ? "current-password" : "new-password"}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {enter.error === null ? null : <Failure error={enter.error} advice="" />}
      <Button
        type="submit"
        className={`${controls["primary"]} ${styles["submit"]}`}
        disabled={enter.isPending}
        focusableWhenDisabled
      >
        {enter.isPending ? "One moment…" : SUBMIT[purpose]}
      </Button>
    </form>
  );
}
