import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  binaryInPackage,
  buildFault,
  findBinary,
  platformPackage,
  presentBinary,
} from '../../../bridges/whatsmeow/binary.ts';
import { temporaryDir } from '../../support/e2e/program.ts';

afterEach(() => void vi.unstubAllEnvs());

function file(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  return path;
}

describe('The program wa-bridge', () => {
  test('is what the setting names, before everything else', () => {
    const path = file(join(temporaryDir(), 'mine'));
    expect(presentBinary(path)).toEqual({ path, from: 'setting' });
  });

  test('is not searched elsewhere when the setting names no file', () => {
    expect(() => presentBinary(join(temporaryDir(), 'mine'))).toThrow('WHATSAPP_BRIDGE_BIN');
  });

  test('is what the package for this platform brought, wherever npm has put that', () => {
    const outer = temporaryDir();
    const root = join(outer, 'node_modules', 'whatsapp-hybrid-mcp');
    const path = file(join(outer, 'node_modules', platformPackage(), binaryInPackage()));
    expect(presentBinary(null, root)).toEqual({ path, from: 'package' });
  });

  test("is searched under npm's names of systems and processors", () => {
    expect(platformPackage('darwin', 'arm64')).toBe('@whatsapp-hybrid-mcp/bridge-darwin-arm64');
    expect(binaryInPackage('win32')).toBe('bin/wa-bridge.exe');
    expect(binaryInPackage('linux')).toBe('bin/wa-bridge');
  });

  test('is asked for in three ways where there is none and no Go either', async () => {
    vi.stubEnv('PATH', temporaryDir());
    const refusal = findBinary(null);
    await expect(refusal).rejects.toMatchObject({ code: 'bridge_unavailable' });
    for (const way of [platformPackage(), 'https://go.dev/dl', 'WHATSAPP_BRIDGE_BIN']) {
      await expect(refusal).rejects.toThrow(way);
    }
  });
});

test.each([
  [{ stderr: '# whatsapp-hybrid-mcp/wa-bridge/wa\nwa/x.go:1:2: undefined: y\nmore' }, 'wa/x.go:1:2: undefined: y'],
  [{ stderr: '' }, '[object Object]'],
  [new Error('spawn go EACCES'), 'spawn go EACCES'],
  [{ stderr: '#\n\n' }, 'no reason was given'],
])('of what the compiler says only the first reason is told', (error, reason) => {
  expect(buildFault(error)).toBe(reason);
});
