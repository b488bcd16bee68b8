import { Button } from "@base-ui/react/button";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { mapUnpriced } from "../api-prices.ts";
import { type ResourceName, type UnpricedUsage, isSystem } from "../prices.ts";
import { CustomResourceForm } from "./custom-resource-form.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { MapForm } from "./map-form.tsx";
import { RepriceOffer } from "./reprice-offer.tsx";

import controls from "./controls.module.css";
import styles from "./fix-price.module.css";

/** What is being done about usage without a price: either way ends in an offer to re-price the past. */
export interface PriceFix {
  readonly usage: UnpricedUsage;
  readonly at: "map" | "create" | "reprice";
  /** What the usage is priced as from now on; told for the offer to re-price. */
  readonly target?: ResourceName;
}

export interface PriceFixProps {
  readonly onChange: (fix: PriceFix | undefined) => void;
}

/** The two ways to give usage a price. */
export function PriceFixButtons({
  usage,
  onChange,
}: PriceFixProps & { readonly usage: UnpricedUsage }): ReactNode {
  return (
    <span className={styles["actions"]}>
      <Button className={controls["button"]} onClick={() => onChange({ usage, at: "map" })}>
        Map to a resource
      </Button>
      <Button className={controls["button"]} onClick={() => onChange({ usage, at: "create" })}>
        Create a custom resource
      </Button>
    </span>
  );
}

/** The steps of giving usage a price. Stands outside of what shows the usage, which goes away once it is priced. */
export function PriceFixDialog({
  fix,
  onChange,
}: PriceFixProps & { readonly fix: PriceFix | undefined }): ReactNode {
  const client = useQueryClient();
  const close = (): void => {
    onChange(undefined);
    void client.invalidateQueries();
  };
  return (
    <FormDialog title={titleOf(fix)} isOpen={fix !== undefined} onClose={close}>
      {fix === undefined ? null : <Step fix={fix} onChange={onChange} onDone={close} />}
    </FormDialog>
  );
}

function Step({
  fix: { usage, at, target },
  onChange,
  onDone,
}: PriceFixProps & { readonly fix: PriceFix; readonly onDone: () => void }): ReactNode {
  const offer = (next: ResourceName): void => onChange({ usage, at: "reprice", target: next });
  if (target !== undefined) return <RepriceOffer usage={usage} target={target} onDone={onDone} />;
  if (at === "map") return <MapForm usage={usage} onSaved={offer} />;
  const warning =
    usage.status === "unknown_model"
      ? undefined
      : `It prices every call of ${usage.resource ?? "no resource"} from then on, with no other price beside it: name all units that they use.`;
  return (
    <CustomResourceForm
      note={warning}
      suggestion={{ category: usage.category, resource: usage.resource ?? "" }}
      units={usage.units}
      since={usage.since}
      onSaved={async (created) => {
        if (!isSame(created, usage)) await mapUnpriced(usage, created);
        offer(created);
      }}
    />
  );
}

/** The calls already name what was created: nothing has to be mapped. */
function isSame(created: ResourceName, usage: UnpricedUsage): boolean {
  return (
    !isSystem(created.category) && created.category === usage.category && created.resource === usage.resource
  );
}

function titleOf(fix: PriceFix | undefined): string {
  if (fix?.at === "reprice") return "Re-price the past";
  return fix?.at === "create" ? "Create a custom resource" : "Map to a resource";
}
