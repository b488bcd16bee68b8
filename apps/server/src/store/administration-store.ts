import {
  type ApplicationChange,
  type NewApplication,
  type StoredApplication,
  type StoredOrganization,
} from "./application.ts";
import { type AuditEntry, type AuditQuery, type NewAuditEntry } from "./audit.ts";
import { type ForgetOutcome, type ForgetStep } from "./forget.ts";
import {
  type Credentials,
  type MemberChange,
  type NewMember,
  type OneTimeToken,
  type SignedIn,
  type StoredMember,
} from "./member.ts";
import { type Page, type PageRequest } from "./query.ts";

/** The verbs of administration. A change and its entry in the audit log are one transaction. */
export interface AdministrationStore {
  organization(): Promise<StoredOrganization>;
  renameOrganization(name: string, actor: string): Promise<StoredOrganization>;
  applications(): Promise<readonly StoredApplication[]>;
  application(id: string): Promise<StoredApplication | undefined>;
  createApplication(application: NewApplication, actor: string): Promise<StoredApplication>;
  changeApplication(change: ApplicationChange, actor: string): Promise<StoredApplication>;
  /** Its keys stop working; its data stays. */
  archiveApplication(id: string, actor: string): Promise<StoredApplication>;
  members(): Promise<readonly StoredMember[]>;
  member(id: string): Promise<StoredMember | undefined>;
  hasMembers(): Promise<boolean>;
  /** A token that makes the first member, who is owner; worthless once there is one. */
  offerSetUp(token: OneTimeToken): Promise<void>;
  setUp(
    tokenHash: Uint8Array,
    first: Pick<NewMember, "email" | "name">,
    password: string,
  ): Promise<StoredMember>;
  inviteMember(member: NewMember, token: OneTimeToken, actor: string): Promise<StoredMember>;
  renewInvitation(id: string, token: OneTimeToken, actor: string): Promise<StoredMember>;
  acceptInvitation(tokenHash: Uint8Array, password: string): Promise<StoredMember>;
  /** Signs them out everywhere. */
  changePassword(id: string, password: string): Promise<StoredMember>;
  changeMember(change: MemberChange, actor: string): Promise<StoredMember>;
  removeMember(id: string, actor: string): Promise<StoredMember>;
  credentials(email: string): Promise<Credentials | undefined>;
  identified(subject: string): Promise<Credentials | undefined>;
  linkIdentity(id: string, subject: string): Promise<void>;
  /** Ends sessions of anybody that are older than told. */
  startSession(
    hash: Uint8Array,
    id: string,
    endedBefore: { readonly createdMs: number; readonly seenMs: number },
  ): Promise<void>;
  findSession(hash: Uint8Array): Promise<SignedIn | undefined>;
  touchSession(hash: Uint8Array): Promise<void>;
  endSession(hash: Uint8Array): Promise<void>;
  /** Takes a user's id out of one part of what is kept; totals stay. */
  forgetUser(step: ForgetStep): Promise<ForgetOutcome>;
  /** Writes down what was done in many transactions; what one does writes its own entry. */
  recordChange(entry: NewAuditEntry): Promise<void>;
  audit(query: AuditQuery, page: PageRequest): Promise<Page<AuditEntry>>;
}
