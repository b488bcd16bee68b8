/** The API key of this browser tab. It is kept in `sessionStorage` and leaves only as a header to our own origin. */

const KEY = "payi.api-key";
const listeners = new Set<() => void>();
let isRefused = false;

/** Undefined until someone signs in; on a loopback server none is needed. */
export function readApiKey(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

/** Keeps the key for this tab and takes the sign-in page away. */
export function signIn(apiKey: string): void {
  sessionStorage.setItem(KEY, apiKey);
  refuse(false);
}

/** Forgets the key; the platform decides whether one is needed. */
export function signOut(): void {
  sessionStorage.removeItem(KEY);
  refuse(true);
}

/** To be called with true when the platform answered 401: the sign-in page comes up. */
export function refuse(refused: boolean): void {
  if (isRefused === refused) return;
  isRefused = refused;
  for (const listener of listeners) listener();
}

/** Whether the platform asked for a key it has not got; for `useSyncExternalStore`. */
export function isSignInNeeded(): boolean {
  return isRefused;
}

/** Calls back on every change until the returned function is called. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
