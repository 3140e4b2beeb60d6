/** The server's description of its API (OpenAPI 3.1), as the reading page shows it. */

export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
};
type Content = Record<string, { schema?: Schema; example?: unknown }>;
type Answer = { $ref?: string; description?: string; content?: Content };
type Parameter = {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
};
type RawOperation = {
  operationId: string;
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Content; required?: boolean };
  responses: Record<string, Answer>;
  security?: Record<string, unknown>[];
};
export type Document = {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Answer> };
};

export type Field = { name: string; type: string; required: boolean; description: string };
export type Body = { kind: string; name: string | null; fields: Field[]; example: string | null };
export type Operation = {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  /** nobody needs to be signed in */
  isOpen: boolean;
  parameters: (Field & { place: string })[];
  bodies: Body[];
  answers: { status: string; description: string; codes: string[]; bodies: Body[] }[];
};
export type Group = { name: string; description: string; operations: Operation[] };

/** All operations by group, in the order of the document. */
export function groupsOf(document: Document): Group[] {
  const groups = new Map<string, Group>();
  for (const { name, description = '' } of document.tags ?? []) {
    groups.set(name, { name, description, operations: [] });
  }
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, raw] of Object.entries(methods)) {
      const name = raw.tags?.[0] ?? '';
      const group = groups.get(name) ?? { name, description: '', operations: [] };
      groups.set(name, group);
      group.operations.push(operationOf(document, method.toUpperCase(), path, raw));
    }
  }
  return [...groups.values()].filter((group) => group.operations.length > 0);
}

/** Those whose path, summary or id hold all words that are sought. */
export function found(groups: Group[], sought: string): Group[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (one: Operation) => {
    const text = `${one.method} ${one.path} ${one.summary} ${one.id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => ({ ...group, operations: group.operations.filter(holds) }))
    .filter((group) => group.operations.length > 0);
}

function operationOf(
  document: Document,
  method: string,
  path: string,
  raw: RawOperation
): Operation {
  return {
    id: raw.operationId,
    method,
    path,
    summary: raw.summary ?? '',
    description: raw.description ?? '',
    isOpen: (raw.security ?? []).some((way) => Object.keys(way).length === 0),
    parameters: (raw.parameters ?? []).map((one) => ({
      name: one.name,
      place: one.in,
      type: typeOf(one.schema ?? {}),
      required: one.required ?? false,
      description: one.description ?? ''
    })),
    bodies: bodiesOf(document, raw.requestBody?.content),
    answers: Object.entries(raw.responses)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([status, given]) => {
        const answer = given.$ref ? responseOf(document, given.$ref) : given;
        return {
          status,
          description: answer.description ?? '',
          codes: codesOf(answer),
          bodies: bodiesOf(document, answer.content)
        };
      })
  };
}

function bodiesOf(document: Document, content: Content = {}): Body[] {
  return Object.entries(content).map(([kind, { schema = {}, example }]) => ({
    kind,
    name: nameOf(schema.$ref) ?? null,
    fields: fieldsOf(document, schema),
    example: example === undefined ? null : JSON.stringify(example, null, 2)
  }));
}

/** The fields of an object, those of its parts among them. */
export function fieldsOf(document: Document, schema: Schema): Field[] {
  const whole = schema.$ref
    ? (document.components.schemas[nameOf(schema.$ref) ?? ''] ?? {})
    : schema;
  const own = Object.entries(whole.properties ?? {}).map(([name, field]) => ({
    name,
    type: typeOf(field),
    required: whole.required?.includes(name) ?? false,
    description: field.description ?? ''
  }));
  const ofParts = (whole.allOf ?? []).flatMap((part) => fieldsOf(document, part));
  const names = new Set(own.map((field) => field.name));
  return [...ofParts.filter((field) => !names.has(field.name)), ...own];
}

/** A type in a few words: `string (uuid)`, `ProjectView`, `Page[]`, `a | b`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref) ?? '';
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const parts = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (parts) return parts.map(typeOf).join(schema.allOf ? ' & ' : ' | ');
  const types = [schema.type ?? 'any'].flat();
  return types
    .map((type) => {
      if (type === 'array') return `${typeOf(schema.items ?? {})}[]`;
      return schema.format && type !== 'null' ? `${type} (${schema.format})` : type;
    })
    .join(' | ');
}

/** The codes that a refusal may have. */
function codesOf(answer: Answer): string[] {
  const schema = answer.content?.['application/problem+json']?.schema;
  const codes = schema?.allOf?.[1]?.properties?.['code']?.enum ?? [];
  return codes.filter((code) => typeof code === 'string');
}

function responseOf(document: Document, ref: string): Answer {
  return document.components.responses[nameOf(ref) ?? ''] ?? {};
}

function nameOf(ref: string | undefined): string | undefined {
  return ref?.split('/').at(-1);
}
