/** The API's words, as the server describes them (schema.d.ts is generated: `npm run api`). */
import type { Geometry } from 'geojson';
import type { components } from './schema';

type Schemas = components['schemas'];

/** What the server answers: nothing is left out, the unknown is null; open objects are geometries. */
type Answer<T> = T extends readonly (infer Item)[]
  ? Answer<Item>[]
  : T extends object
    ? string extends keyof T
      ? Geometry
      : { [Key in keyof T]-?: Answer<Exclude<T[Key], undefined>> }
    : T;

type Placed = { centre: [number, number] | null };

export type Session = Omit<Answer<Schemas['Session']>, 'map_bounds'> & {
  map_bounds: [number, number, number, number] | null;
};
export type User = Answer<Schemas['User']>;
export type Action = Schemas['Action'];
export type Role = Schemas['Role'];
export type DemoAccount = Answer<Schemas['DemoAccount']>;
export type Village = Omit<Answer<Schemas['Village']>, 'centre'> & { centre: [number, number] };
export type VillageRef = Answer<Schemas['VillageRef']>;
export type Activity = Answer<Schemas['Activity']>;
export type Place = Answer<Schemas['PlaceView']>;

export type Status = Schemas['Status'];
export type Authority = Schemas['Authority'];
export type How = Schemas['How'];
export type ProjectSummary = Omit<Answer<Schemas['ProjectSummary']>, 'centre'> & Placed;
export type Project = Omit<Answer<Schemas['ProjectView']>, 'centre' | 'findings'> &
  Placed & { findings: FindingSummary[] };
export type FundingLine = Answer<Schemas['FundingLine']>;
export type ProjectDraft = Schemas['ProjectDraft'];

export type Evidence = Omit<Answer<Schemas['EvidenceView']>, 'value'> & { value: unknown };
export type Pair = Omit<Answer<Schemas['PairView']>, 'evidence' | 'nearest' | 'numbers'> & {
  evidence: Evidence[];
  numbers: [number, number] | null;
  nearest: [[number, number], [number, number]] | null;
};
export type Severity = Schemas['Severity'];
export type FindingKind = Schemas['FindingKind'];
export type Decision = Schemas['Decision'];
export type FindingSummary = Omit<Answer<Schemas['FindingSummary']>, 'members'> & {
  members: ProjectSummary[];
};
/** A page of the works of a finding. */
export type Members = {
  items: ProjectSummary[];
  footprints: Answer<Schemas['MemberFootprint']>[];
  compared: MemberFacts[];
  next: string | null;
};
export type Finding = FindingSummary & {
  queue_key: string;
  /** the likeliest; the rest by page */
  pairs: Pair[];
  pairs_total: number;
  pairs_next: string | null;
  members_next: string | null;
  footprints: Members['footprints'];
  compared: MemberFacts[];
  /** the newest of each part; the rest by page */
  messages: Answer<Schemas['NotificationLine']>[];
  messages_next: string | null;
  decisions: (Omit<Answer<Schemas['DecisionView']>, 'changes'> & { changes: FactChange[] })[];
  decisions_next: string | null;
  comments: Answer<Schemas['CommentView']>[];
  comments_next: string | null;
  may_decide: boolean;
  may_not_decide: string | null;
};
export type MemberFacts = Answer<Schemas['MemberFacts']>;
type FactChange = { project_id: string; field: string; before: unknown; now: unknown };
export type Candidate = { project: ProjectSummary; footprint: Geometry[]; pair: Pair };
export type PlaceDoubt = Answer<Omit<Schemas['PlaceDoubtView'], 'reading'>> & {
  reading: (Answer<Schemas['PlaceReadingView']> & { parts: Geometry[] }) | null;
};
export type Check = {
  place: Place | null;
  place_doubt: PlaceDoubt | null;
  candidates: Candidate[];
};

export type Photo = Answer<Schemas['PhotoView']>;
export type Report = Answer<Schemas['ReportView']>;
export type ReportDraft = Schemas['ReportDraft'];
export type Capture = Schemas['Capture'];

export type Message = Answer<Schemas['MessageView']>;
export type MessageDetail = Answer<Schemas['MessageDetail']>;
export type Job = Answer<Schemas['JobView']>;
export type Backup = Answer<Schemas['Backup']>;
export type Backups = Answer<Schemas['Backups']>;
export type OpenSession = Answer<Schemas['SessionView']>;
export type Person = Answer<Schemas['PersonView']>;
export type GivenCode = Answer<Schemas['CodeView']>;
export type CodeOwner = Answer<Schemas['CodeOwner']>;
export type SecondFactor = Answer<Schemas['SecondFactorView']>;
export type Secret = Answer<Schemas['SecretView']>;
export type RecoveryCodes = Answer<Schemas['RecoveryCodes']>;
export type Proof = Schemas['Proof'];
export type CodeChannel = Schemas['CodeChannel'];
export type Qr = Answer<Schemas['QrView']>;
export type Held = Answer<Schemas['HeldView']>;
export type Capacity = Schemas['Capacity'];
export type Holder = Answer<Schemas['HolderView']>;
export type Post = Answer<Schemas['PostView']>;
export type OwnPost = Answer<Schemas['OwnPost']>;

export type UploadOptions = Answer<Schemas['UploadOptions']>;
export type UploadSummary = Answer<Schemas['UploadSummary']>;
export type UploadColumn = Answer<Schemas['FoundColumn']>;
export type UploadProblem = Omit<Answer<Schemas['UploadProblemView']>, 'values'> & {
  values: Record<string, unknown>;
};
export type Upload = Omit<Answer<Schemas['UploadView']>, 'problem'> & {
  problem: UploadProblem | null;
};
export type UploadOutcome = NonNullable<Upload['outcome']>;
export type UploadCell = Omit<Answer<Schemas['CellView']>, 'fitting'> & {
  fitting: [number, number] | null;
};
export type UploadDouble = Omit<Answer<Schemas['DoubleView']>, 'project' | 'pair'> & {
  project: ProjectSummary | null;
  pair: Pair;
};

export type Page<T> = { items: T[]; next: string | null };
