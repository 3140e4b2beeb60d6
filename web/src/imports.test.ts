// The shape of the page: imports point one way. Imports of types count, and those that wait for a click: whoever reads a file
// follows them all.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = import.meta.dirname;
const ENDINGS = ['', '.ts', '.svelte', '/index.ts'];

type Graph = Map<string, Set<string>>;

/** The code of a file; of a component that of its scripts. */
function code(path: string, text: string): string {
  if (!path.endsWith('.svelte')) return text;
  return Array.from(
    text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g),
    ([, script]) => script
  ).join('\n');
}

/** What a file asks for, as it is written there. */
function asked(path: string, text: string): string[] {
  return ts
    .preProcessFile(code(path, text), true, true)
    .importedFiles.map(({ fileName }) => fileName);
}

/** The file of ours that is meant; none for a package or for what the build makes. */
function resolve(from: string, name: string): string | undefined {
  const base = name.startsWith('$lib/')
    ? join(ROOT, name.replace('$', ''))
    : name.startsWith('.')
      ? join(dirname(from), name)
      : undefined;
  if (base === undefined) return undefined;
  const known = ENDINGS.map((ending) => base + ending);
  return known.find((path) => existsSync(path) && statSync(path).isFile());
}

function readImports(): [string, string][] {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name) && !/\.(test|d)\.ts$/.test(name))
    .map((name) => join(ROOT, name));
  return files.flatMap((from) =>
    asked(from, readFileSync(from, 'utf8'))
      .map((name) => resolve(from, name))
      .filter((to) => to !== undefined)
      .map((to): [string, string] => [relative(ROOT, from), relative(ROOT, to)])
  );
}

function graph(imports: [string, string][]): Graph {
  const found: Graph = new Map();
  for (const [from, to] of imports) {
    if (from !== to) found.set(from, (found.get(from) ?? new Set()).add(to));
  }
  return found;
}

/** The imports that are left when all files are taken away that import none of the others, or that none imports: those of
 * circles, and of ways from one circle to another. */
function circles(imports: Graph): string[] {
  let left = [...imports].flatMap(([from, targets]) => [...targets].map((to) => ({ from, to })));
  for (;;) {
    const importing = new Set(left.map(({ from }) => from));
    const imported = new Set(left.map(({ to }) => to));
    const inner = left.filter(({ from, to }) => imported.has(from) && importing.has(to));
    if (inner.length === left.length) return left.map(({ from, to }) => `${from} -> ${to}`);
    left = inner;
  }
}

describe('imports of the page', () => {
  const imports = readImports();

  it('are read from modules and components', () => {
    expect(imports.length).toBeGreaterThan(300);
    expect(
      asked('a.svelte', `<script lang="ts">import type { A } from './a';</script>{@html x}`)
    ).toEqual(['./a']);
    expect(asked('a.ts', `export { b } from './b'; const c = () => import('./c.svelte');`)).toEqual(
      ['./b', './c.svelte']
    );
  });

  it('lead from no file back to itself', () => {
    expect(circles(graph(imports))).toEqual([]);
  });

  it('of a circle are found, and not those of the way to it', () => {
    const found = circles(
      graph([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'b'],
        ['c', 'd']
      ])
    );
    expect(found).toEqual(['b -> c', 'c -> b']);
  });
});
