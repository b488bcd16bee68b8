/** The application that this browser tab is about; the platform's first choice until another one is chosen. */

const KEY = "payi.application";

/** What is sent along as `x-payi-application`. */
export function readApplication(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

/** Undefined leaves the choice to the platform. */
export function chooseApplication(id: string | undefined): void {
  if (id === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, id);
}
