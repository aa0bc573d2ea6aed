import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bundleManifest, serverJson } from '../../scripts/manifests.ts';
import { packageRoot } from '../../src/package.ts';
import { settings } from '../../src/settings.ts';
import { catalog } from '../../src/tools/catalog.ts';

const folder = mkdtempSync(join(tmpdir(), 'manifests-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The registry's rules of 2025-12-11 for what we use of them, as static.modelcontextprotocol.io publishes them.
const Version = z
  .string()
  .min(1)
  .max(255)
  .regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/, 'one version, not a range and not latest');
const Input = z.strictObject({
  description: z.string(),
  isRequired: z.boolean(),
  isSecret: z.boolean(),
  format: z.enum(['string', 'number', 'boolean', 'filepath']),
  choices: z.array(z.string()).min(1).optional(),
});
const Registered = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: Version,
  packages: z.array(
    z.strictObject({
      registryType: z.literal('npm'),
      registryBaseUrl: z.literal('https://registry.npmjs.org'),
      identifier: z.string(),
      version: Version,
      runtimeHint: z.literal('npx'),
      transport: z.strictObject({ type: z.literal('stdio') }),
      packageArguments: z.array(z.strictObject({ type: z.literal('positional'), value: z.string() })),
      environmentVariables: z.array(Input.extend({ name: z.string() })),
    }),
  ),
});

describe('server.json', () => {
  const parsed = Registered.parse(serverJson());

  test('keeps the rules of the registry and names every setting', () => {
    const [npm] = parsed.packages;
    expect(npm?.environmentVariables.map(({ name }) => name)).toEqual(Object.keys(settings));
    expect(npm).toMatchObject({ identifier: 'whatsapp-hybrid-mcp', version: parsed.version });
  });

  test.each([
    ['a name without a namespace', { name: 'whatsapp' }],
    ['a description of 101 characters', { description: 'x'.repeat(101) }],
    ['a range of versions', { version: '^1.2.3' }],
  ])('would not pass with %s', (_, change) => {
    expect(Registered.safeParse({ ...serverJson(), ...change }).success).toBe(false);
  });
});

describe('The manifest of the bundle', () => {
  const manifest = bundleManifest({ platform: 'linux', arch: 'x64', nodeMajor: 20 });

  /** The exit code of the validator that the makers of the format publish. */
  function validate(content: object): number | null {
    const path = join(folder, 'manifest.json');
    writeFileSync(path, JSON.stringify(content));
    return spawnSync(join(packageRoot(), 'node_modules', '.bin', 'mcpb'), ['validate', path]).status;
  }

  test('is valid, and would not be with a field that the format does not know', () => {
    expect(validate(manifest)).toBe(0);
    expect(validate({ ...manifest, surprise: true })).not.toBe(0);
  });

  test('names every tool, hands every setting on, and says where its native code runs and what its licence is', () => {
    expect(manifest).toMatchObject({
      license: 'GPL-3.0-only AND AGPL-3.0-only',
      compatibility: { platforms: ['linux'], runtimes: { node: '^20' } },
      tools: catalog.map(({ name }) => ({ name })),
    });
    const text = JSON.stringify(manifest);
    for (const name of Object.keys(settings)) {
      const key = name.replace('WHATSAPP_', '').toLowerCase();
      expect(text).toContain(`"${name}":"\${user_config.${key}}"`);
      expect(manifest).toHaveProperty(['user_config', key, 'title']);
    }
  });
});
