import { type ReactNode, useEffect, useState } from "react";

import { Logo } from "../parts/logo.tsx";
import { PasswordForm } from "../parts/password-form.tsx";

import styles from "../parts/sign-in.module.css";

const WORDS = {
  "set-up": {
    title: "Become the first member",
    text: "You will be the owner: you invite the others. From then on the dashboard asks everybody to sign in.",
  },
  invitation: {
    title: "Choose a password",
    text: "You were invited to this platform. With a password of your own you can sign in from now on.",
  },
} as const;

/** Where the links for the first member and for invited ones lead. The token stands behind the #: no server logs it. */
export function SignInLinkPage({ purpose }: { readonly purpose: keyof typeof WORDS }): ReactNode {
  const [token] = useState(() => globalThis.location.hash.slice(1));
  const { title, text } = WORDS[purpose];
  useEffect(() => {
    document.title = `${title} · Payi`;
    // Not to be read over a shoulder, nor found in the history.
    globalThis.history.replaceState(null, "", globalThis.location.pathname);
  }, [title]);
  return (
    <main className={styles["page"]}>
      <div className={styles["card"]}>
        <Logo />
        <h1>{title}</h1>
        {token === "" ? (
          <p className={styles["wrong"]} role="alert">
            This address is not complete. Copy the whole link, with what stands behind the #.
          </p>
        ) : (
          <>
            <p className={styles["quiet"]}>{text}</p>
            <PasswordForm purpose={purpose} token={token} />
          </>
        )}
      </div>
    </main>
  );
}
