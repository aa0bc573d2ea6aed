import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownPackage, packageRoot } from '../src/package.ts';

test('the package is found from any file of it, and says its name and version', () => {
  expect(existsSync(join(packageRoot(), 'package.json'))).toBe(true);
  expect(ownPackage()).toMatchObject({ name: 'whatsapp-hybrid-mcp', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
});
