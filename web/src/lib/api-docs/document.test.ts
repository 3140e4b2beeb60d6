import { describe, expect, it } from 'vitest';
import written from '$lib/api/openapi.json';
import { found, groupsOf, typeOf, type Document } from './document';

const document = written as unknown as Document;
const groups = groupsOf(document);
const all = groups.flatMap((group) => group.operations);

describe('the reading page of the API', () => {
  it('shows every operation of the document once', () => {
    const count = Object.values(document.paths).flatMap((methods) => Object.keys(methods)).length;
    expect(all).toHaveLength(count);
    expect(new Set(all.map((one) => one.id)).size).toBe(count);
  });

  it('says of each what it does, of each parameter what it is, of each refusal its codes', () => {
    for (const one of all) {
      expect(one.summary, one.path).not.toBe('');
      for (const parameter of one.parameters)
        expect(parameter.description, `${one.path} ${parameter.name}`).not.toBe('');
      for (const { status, codes } of one.answers)
        if (status >= '400') expect(codes.length, `${one.path} ${status}`).toBeGreaterThan(0);
    }
  });

  it('has an example of every body in JSON, with fields that are known', () => {
    for (const body of all.flatMap((one) => one.bodies)) {
      if (body.kind !== 'application/json') continue;
      expect(body.example, body.name ?? '').not.toBeNull();
      const names = body.fields.map((field) => field.name);
      for (const name of Object.keys(JSON.parse(body.example ?? '{}') as object))
        expect(names, body.name ?? '').toContain(name);
    }
  });

  it('finds by words', () => {
    const paths = (sought: string) =>
      found(groups, sought).flatMap((group) => group.operations.map((one) => one.path));
    expect(paths('post /withdraw')).toEqual(['/api/v1/projects/{id}/withdraw']);
    expect(paths('zzz')).toEqual([]);
  });

  it('names types in a few words', () => {
    expect(typeOf({ type: ['string', 'null'], format: 'uuid' })).toBe('string (uuid) | null');
    expect(typeOf({ type: 'array', items: { $ref: '#/components/schemas/Page' } })).toBe('Page[]');
    expect(typeOf({ oneOf: [{ type: 'null' }, { enum: ['a'] }] })).toBe('null | "a"');
  });
});
