/**
 * Copying an amount copies all of its decimals: what is short on screen is exact on the clipboard.
 * Elements that carry `data-exact` are replaced by it; everything else is copied as it is read.
 */
export function copyExactAmounts(event: ClipboardEvent): void {
  const selection = getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const around = range.commonAncestorContainer;
  const within = (around instanceof Element ? around : around.parentElement)?.closest<HTMLElement>(
    "[data-exact]",
  );
  const text = within?.dataset["exact"] ?? readExact(range.cloneContents());
  if (text === undefined) return;
  event.clipboardData?.setData("text/plain", text);
  event.preventDefault();
}

/** Undefined when there is no amount in the selection. */
function readExact(fragment: DocumentFragment): string | undefined {
  const amounts = fragment.querySelectorAll<HTMLElement>("[data-exact]");
  if (amounts.length === 0) return undefined;
  for (const amount of amounts) amount.textContent = amount.dataset["exact"] ?? "";
  // Only rendered text keeps the tabs and line breaks of a table.
  const stage = document.createElement("div");
  stage.className = "visually-hidden";
  stage.append(fragment);
  document.body.append(stage);
  const text = stage.innerText;
  stage.remove();
  return text;
}
