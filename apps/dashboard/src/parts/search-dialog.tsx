import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useQueries } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";

import { breakdownQuery } from "../api.ts";
import { PAGES } from "../navigation.ts";
import { type View, linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { nameField } from "../words.ts";

import dialog from "./dialog.module.css";
import styles from "./search-dialog.module.css";

const SEARCHED = ["use_case", "user", "account", "resource"] as const;
const LOADED = 100;
const SHOWN = 12;

interface Place {
  readonly value: string;
  readonly name: string;
  readonly kind: string;
  readonly to: string;
}

export interface SearchDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Finds pages, use cases, users, accounts, resources and requests, and goes there. */
export function SearchDialog({ isOpen, onClose }: SearchDialogProps): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog["backdrop"]} />
        <Dialog.Popup className={`${dialog["window"]} ${styles["window"]}`} aria-label="Search">
          <SearchList onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SearchList({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { view } = useView();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const places = findPlaces(usePlaces(view), text, view);
  return (
    <Autocomplete.Root
      open
      inline
      items={places}
      filter={null}
      value={text}
      onValueChange={setText}
      autoHighlight="always"
      itemToStringValue={(place: Place) => place.name}
    >
      <Autocomplete.Input
        className={styles["input"]}
        aria-label="Search"
        placeholder="Use case, user, account, resource or request id"
      />
      <Autocomplete.Empty className={styles["empty"]}>
        Nothing in this period has that name.
      </Autocomplete.Empty>
      <Autocomplete.List className={styles["list"]}>
        {(place: Place) => (
          <Autocomplete.Item
            key={place.value}
            value={place}
            className={styles["item"]}
            onClick={() => {
              void navigate(place.to);
              onClose();
            }}
          >
            <span className={styles["name"]}>{place.name}</span>
            <span className={styles["kind"]}>{place.kind}</span>
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

/** Everything that has a name in the period of the view. */
function usePlaces(view: View): readonly Place[] {
  const { period } = useView();
  const answers = useQueries({
    queries: SEARCHED.map((group) => breakdownQuery(group, period, [], LOADED)),
  });
  const pages: readonly Place[] = PAGES.map(({ path, name }) => ({
    value: `page ${path}`,
    name,
    kind: "Page",
    to: linkTo(path, view),
  }));
  const values = answers.flatMap(({ data }, index) => {
    const group = SEARCHED[index] ?? "use_case";
    return (data?.rows ?? []).map(({ key }) => ({
      value: `${group} ${key}`,
      name: key,
      kind: nameField(group),
      to:
        group === "use_case"
          ? linkTo(`/use-cases/${encodeURIComponent(key)}`, view)
          : linkTo("/requests", view, { filters: [{ field: group, value: key }] }),
    }));
  });
  return [...pages, ...values];
}

/** Names that begin with the text come before those that contain it; any text may also be a request's id. */
function findPlaces(places: readonly Place[], text: string, view: View): readonly Place[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return places.slice(0, SHOWN);
  const found = places.filter(({ name }) => name.toLowerCase().includes(wanted));
  const startsLike = ({ name }: Place): number => Number(!name.toLowerCase().startsWith(wanted));
  const request: Place = {
    value: `request ${wanted}`,
    name: text.trim(),
    kind: "Open request",
    to: linkTo("/requests", view, { request: text.trim() }),
  };
  const best = found.toSorted((left, right) => startsLike(left) - startsLike(right)).slice(0, SHOWN);
  return wanted.length < 6 ? best : [...best, request];
}
