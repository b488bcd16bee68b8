import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { type Member, ROLES, type Role } from "../administration.ts";
import {
  changeRole,
  inviteAgain,
  inviteMember,
  membersQuery,
  removeMember,
  sessionQuery,
} from "../api-administration.ts";
import { useAdministrationChange } from "../use-administration-change.ts";
import { Choice } from "./choice.tsx";
import { type Column } from "./column.ts";
import { Confirmed } from "./confirmed.tsx";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { type Shown, ShownOnce } from "./shown-once.tsx";
import { TextField } from "./text-field.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

/** Who signs in here and with which role; invited, changed and removed here. */
export function MembersPanel(): ReactNode {
  const members = useQuery(membersQuery);
  const needsSetUp = useQuery(sessionQuery).data?.needs_set_up === true;
  const [isInviting, setInviting] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const show = (path: string): void => {
    setInviting(false);
    setShown({
      title: "The invitation",
      advice:
        "Send this link to the member, and to nobody else: whoever opens it chooses their password. It works once, for 7 days.",
      secrets: [{ name: "link", text: globalThis.location.origin + path }],
    });
  };
  const again = useAdministrationChange(inviteAgain);
  const removal = useAdministrationChange(removeMember);
  const change = useAdministrationChange(({ id, role }: { id: string; role: Role }) => changeRole(id, role));
  const error = again.error ?? removal.error ?? change.error;
  if (needsSetUp) return <NobodyYet />;
  const columns = memberColumns(
    ({ member_id: id, role }) => (
      <Choice
        label="is"
        value={role}
        options={ROLES}
        onChange={(next) => change.mutate({ id, role: next })}
      />
    ),
    ({ member_id: id }) => (
      <div className={styles["actions"]}>
        <Button className={controls["button"]} onClick={() => again.mutate(id, { onSuccess: show })}>
          Invite again
        </Button>
        <Confirmed word="Remove" onConfirm={() => removal.mutate(id)} />
      </div>
    ),
  );
  return (
    <Panel
      title="Members"
      note="those who sign in to the dashboard"
      actions={
        <Button className={controls["button"]} onClick={() => setInviting(true)}>
          <Plus size={14} aria-hidden="true" />
          Invite a member
        </Button>
      }
    >
      {error === null ? null : <Failure error={error} advice="Nothing was changed." />}
      <Pending query={members} lines={4} />
      {members.data === undefined ? null : (
        <DataTable<Member>
          caption="Members"
          columns={columns}
          rows={members.data}
          rowKey={({ member_id: id }) => id}
        />
      )}
      <FormDialog title="Invite a member" isOpen={isInviting} onClose={() => setInviting(false)}>
        {isInviting ? <InvitationForm onInvited={show} /> : null}
      </FormDialog>
      <ShownOnce shown={shown} onClose={() => setShown(undefined)} />
    </Panel>
  );
}

function NobodyYet(): ReactNode {
  return (
    <Panel title="Members">
      <EmptyState title="Nobody signs in here yet">
        <p>
          The dashboard is open to whoever sits at this machine, and closed to everybody else. To let people
          sign in, become the first member: the server prints the address for that when it starts.
        </p>
      </EmptyState>
    </Panel>
  );
}

function InvitationForm({ onInvited }: { readonly onInvited: (path: string) => void }): ReactNode {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [groups, setGroups] = useState("");
  const invitation = useAdministrationChange(() => {
    const names = groups.split(",").map((name) => name.trim());
    return inviteMember({ email, role, groups: groups.trim() === "" ? null : names.filter(Boolean) });
  });
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        invitation.mutate(undefined, { onSuccess: onInvited });
      }}
    >
      <TextField label="E-mail address" type="email" value={email} onChange={setEmail} isRequired />
      <div>
        <Choice label="is" value={role} options={ROLES} onChange={setRole} />
      </div>
      <TextField
        label="Only applications of these groups, divided by commas"
        placeholder="all applications"
        value={groups}
        onChange={setGroups}
      />
      {invitation.error === null ? null : <Failure error={invitation.error} advice="Nobody was invited." />}
      <div className={styles["actions"]}>
        <Button type="submit" className={controls["primary"]} disabled={invitation.isPending}>
          Make the invitation
        </Button>
      </div>
    </form>
  );
}

function memberColumns(
  roleOf: (member: Member) => ReactNode,
  controlsOf: (member: Member) => ReactNode,
): readonly Column<Member>[] {
  return [
    ...MEMBER_COLUMNS,
    { id: "role", header: "Role", value: ({ role }) => role, cell: roleOf },
    { id: "change", header: "Change", isControl: true, value: () => null, cell: controlsOf },
  ];
}

const MEMBER_COLUMNS: readonly Column<Member>[] = [
  {
    id: "name",
    header: "Member",
    value: ({ email }) => email,
    cell: ({ name, email, can_sign_in: canSignIn }) => (
      <span className={styles["name"]}>
        {name}
        <span className={styles["kind"]}>
          {name === email ? "" : email}
          {canSignIn ? "" : " invited, not here yet"}
        </span>
      </span>
    ),
  },
  { id: "groups", header: "Sees", value: ({ groups }) => groups?.join(", ") ?? "all applications" },
  {
    id: "seen",
    header: "Last seen",
    value: ({ last_seen_timestamp: at }) => at,
    cell: ({ last_seen_timestamp: at }) => (at === null ? "never" : <Time at={at} ago />),
  },
];
