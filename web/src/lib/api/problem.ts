/** A refusal in words (RFC 9457), as the server says it; or the server's absence. */
export type Readings = { given: [number, number]; swapped: [number, number] };

export class Problem extends Error {
  /** HTTP status; 0 where no answer came */
  readonly status: number;
  /** stable: `away` where no answer came */
  readonly code: string;
  readonly detail: string;
  /** what would be accepted */
  readonly expected: string | null;
  /** the path of the value at fault in the body, such as `funding[0].fund` */
  readonly field: string | null;
  /** seconds after which to ask again, where too much was asked */
  readonly retryAfterS: number | null;
  /** both ways to read a position that looks exchanged */
  readonly readings: Readings | null;

  constructor(status: number, body: Record<string, unknown>) {
    const text = (key: string) => (typeof body[key] === 'string' ? body[key] : null);
    super(text('detail') ?? text('title') ?? '');
    this.status = status;
    this.code = text('code') ?? 'unknown';
    this.detail = this.message;
    this.expected = text('expected');
    this.field = text('field');
    this.retryAfterS = typeof body.retry_after_s === 'number' ? body.retry_after_s : null;
    this.readings = (body.readings as Readings | undefined) ?? null;
  }

  /** What is wrong with the field of this name, and what would be right, to be told beside it. */
  at(field: string): string | undefined {
    return this.field === field ? `${this.detail} ${this.expected ?? ''}`.trim() : undefined;
  }

  get isAway(): boolean {
    return this.code === 'away';
  }
}

/** The refusal of one field: told beside it, while others are told above the form. */
export function refusalOfField(problem: unknown): Problem | null {
  return problem instanceof Problem && problem.field ? problem : null;
}
