import { Button } from "@base-ui/react/button";
import { Dialog } from "@base-ui/react/dialog";
import { type Dimension } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { sessionQuery } from "../api-administration.ts";
import { formText } from "../form-text.ts";
import { useView } from "../use-view.ts";
import { DIMENSIONS, nameField } from "../words.ts";
import { Choice } from "./choice.tsx";

import controls from "./controls.module.css";
import dialog from "./dialog.module.css";
import styles from "./group-choice.module.css";

const ANY_PROPERTY = "property";

export interface GroupChoiceProps {
  readonly group: Dimension;
  /** Not offered. */
  readonly without?: Dimension;
}

/** By what the figures are split: a dimension, or any property by its key. */
export function GroupChoice({ group, without }: GroupChoiceProps): ReactNode {
  const { change } = useView();
  const [isAsking, setAsking] = useState(false);
  const declared = useQuery(sessionQuery).data?.declared_properties ?? [];
  const dimensions = [...DIMENSIONS, ...declared.map((key): Dimension => `property:${key}`)];
  const others = dimensions.filter((dimension) => dimension !== without);
  // Versions of several use cases have nothing to do with each other.
  const known: readonly Dimension[] = without === "use_case" ? [...others, "version"] : others;
  const options = (known.includes(group) ? known : [...known, group]).map((value) => ({
    value: value as string,
    label: nameField(value),
  }));
  return (
    <>
      <Choice
        label="by"
        value={group}
        options={[...options, { value: ANY_PROPERTY, label: "Property…" }]}
        onChange={(value) => {
          if (value === ANY_PROPERTY) setAsking(true);
          else change({ group: value as Dimension });
        }}
      />
      <Dialog.Root open={isAsking} onOpenChange={setAsking}>
        <Dialog.Portal>
          <Dialog.Backdrop className={dialog["backdrop"]} />
          <Dialog.Popup className={dialog["window"]}>
            <Dialog.Title className={dialog["title"]}>Group by a property</Dialog.Title>
            <form
              className={styles["form"]}
              onSubmit={(event) => {
                event.preventDefault();
                const key = formText(event.currentTarget, "key");
                if (key === "") return;
                change({ group: `property:${key}` });
                setAsking(false);
              }}
            >
              <label className={controls["field"]}>
                Key of a request or use case property
                <input
                  name="key"
                  className={controls["input"]}
                  placeholder="location"
                  required
                  spellCheck={false}
                />
              </label>
              <Button type="submit" className={controls["primary"]}>
                Group
              </Button>
            </form>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}
