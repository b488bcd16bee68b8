import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { activateBook, bookQuery } from "../api-prices.ts";
import { showCount } from "../format.ts";
import { type PriceBookDetail, activationOf } from "../price-books.ts";
import { Facts } from "./facts.tsx";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Pending } from "./pending.tsx";
import { PriceBookGates } from "./price-book-gates.tsx";
import { PriceBookReplay } from "./price-book-replay.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

export interface PriceBookDialogProps {
  /** Undefined while none is open. */
  readonly id: string | undefined;
  readonly onClose: () => void;
}

/** A price book against the one in force: what it would change, what stands against it, and the way to activate it. */
export function PriceBookDialog({ id, onClose }: PriceBookDialogProps): ReactNode {
  return (
    <FormDialog title="Price book" isOpen={id !== undefined} onClose={onClose}>
      {id === undefined ? null : <Body id={id} />}
    </FormDialog>
  );
}

function Body({ id }: { readonly id: string }): ReactNode {
  const book = useQuery(bookQuery(id));
  if (book.data === undefined) return <Pending query={book} lines={6} />;
  const { comparison } = book.data;
  return (
    <div className={styles["form"]}>
      <Facts facts={factsOf(book.data)} />
      {comparison === null ? null : (
        <>
          <PriceBookGates gates={comparison.gates} />
          <PriceBookReplay comparison={comparison} />
          <Activate book={book.data} />
        </>
      )}
    </div>
  );
}

function factsOf(book: PriceBookDetail): readonly { readonly name: string; readonly value: ReactNode }[] {
  const { activations, layers } = book;
  return [
    { name: "Name", value: book.name },
    { name: "Version", value: <code>{book.id}</code> },
    {
      name: "Added",
      value: (
        <>
          <Time at={book.created} /> by {book.createdBy}
        </>
      ),
    },
    {
      name: "In force",
      value:
        activations.length === 0
          ? "never yet"
          : activations.toReversed().map(({ time, by }, index) => (
              <div key={time}>
                {index === 0 && book.active ? "now, since " : "from "}
                <Time at={time} />, by {by}
              </div>
            )),
    },
    {
      name: "Layers",
      value: layers
        .map(({ name, rows }) => `${name} (${rows === 1 ? "1 row" : `${showCount(rows)} rows`})`)
        .join(", over "),
    },
  ];
}

function Activate({ book }: { readonly book: PriceBookDetail }): ReactNode {
  const client = useQueryClient();
  const [isApproved, setApproved] = useState(false);
  const activation = activationOf(book);
  const isRollback = book.activations.length > 0;
  const activate = useMutation({
    mutationFn: () => activateBook(book.id, isApproved),
    onSuccess: () => client.invalidateQueries(),
  });
  if (activation === "refused") {
    return (
      <p className={styles["wrong"]}>
        This book cannot go in force. Upload one that keeps what the active one has a price for.
      </p>
    );
  }
  return (
    <>
      {activation === "approvable" ? (
        <label className={styles["approve"]}>
          <input
            type="checkbox"
            checked={isApproved}
            onChange={(event) => setApproved(event.target.checked)}
          />
          I have looked at these changes and approve them
        </label>
      ) : null}
      <p className={styles["hint"]}>
        It prices every call from then on. Costs of past calls stay as they are until they are re-priced.
      </p>
      {activate.error === null ? null : (
        <Failure error={activate.error} advice="The book in force is still the one before." />
      )}
      <div className={styles["actions"]}>
        <Button
          className={controls["primary"]}
          disabled={activate.isPending || (activation === "approvable" && !isApproved)}
          focusableWhenDisabled
          onClick={() => activate.mutate()}
        >
          {activate.isPending ? "Activating…" : isRollback ? "Roll back to this book" : "Activate this book"}
        </Button>
      </div>
    </>
  );
}
