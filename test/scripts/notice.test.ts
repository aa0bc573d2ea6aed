import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { daemonFolder, goEnvironment, goVersion } from '../../bridges/whatsmeow/build.ts';
import { licenceIn } from '../../scripts/licences.ts';
import { goModules, moduleLicences, noticeLists, npmPackages } from '../../scripts/notice.ts';
import { packageRoot } from '../../src/package.ts';

const hasGo = (await goVersion()) !== undefined;

/** Words that occur only in the text of this licence. */
const marks: Record<string, RegExp> = {
  MIT: /Permission is hereby granted, free of charge/,
  ISC: /Permission to use, copy, modify, and(\/or)? distribute this software for any purpose/,
  'BSD-3-Clause': /Redistribution and use in source and binary forms.*Neither the name/,
  'Apache-2.0': /Apache License\s+Version 2\.0/,
  'MPL-2.0': /Mozilla Public License Version 2\.0/,
  'GPL-3.0': /GNU GENERAL PUBLIC LICENSE\s+Version 3/,
};

describe('NOTICE', () => {
  const notice = readFileSync(join(packageRoot(), 'NOTICE'), 'utf8');

  test.each([
    /^ {2}libsignal 6\.\S+: GPL-3\.0$/m,
    /^ {2}go\.mau\.fi\/libsignal v\S+: GPL-3\.0$/m,
    /^ {2}go\.mau\.fi\/whatsmeow v\S+: MPL-2\.0$/m,
    /^ {2}go\.mau\.fi\/util v\S+: MPL-2\.0$/m,
    /^ {2}@img\/sharp-libvips-linux-x64 \S+: LGPL-3\.0-or-later$/m,
    /whatsapp-rust-bridge \S+ \(WebAssembly/,
  ])('names what asks for more than a notice: %s', (line) => {
    expect(notice).toMatch(line);
  });

  test('speaks of the version of whatsapp-rust-bridge that is installed', () => {
    const { version } = npmPackages().find(({ name }) => name === 'whatsapp-rust-bridge') ?? {};
    expect(notice).toContain(`whatsapp-rust-bridge ${version} `);
    const bytes = readFileSync(join(packageRoot(), 'node_modules/whatsapp-rust-bridge/dist/index.js'), 'latin1');
    const wasm = (bytes.match(/[A-Za-z0-9+/=]{5000,}/g) ?? []).map((text) =>
      Buffer.from(text, 'base64').toString('latin1'),
    );
    expect(wasm.length).toBeGreaterThan(0);
    for (const text of wasm) expect(text).toMatch(/whatsapp-rust-[0-9a-f]+\/9539740\/wacore\/libsignal\//);
  });
});

describe('The lists of licences', () => {
  const part = (name: string, licence: string) => ({ name, version: '1.0.0', licence });

  test('name each package that is not permissive and count the others', () => {
    const npm = [
      part('a', 'MIT'),
      part('b', 'GPL-3.0'),
      part('c', 'Apache-2.0 AND LGPL-3.0-or-later'),
      part('d', 'ISC'),
    ];
    const lists = noticeLists([...npm, part('e', 'none is named')], [part('m', 'MPL-2.0')]);
    expect(lists).toContain(
      '  b 1.0.0: GPL-3.0\n  c 1.0.0: Apache-2.0 AND LGPL-3.0-or-later\n  e 1.0.0: none is named',
    );
    expect(lists).toContain('  2 more under ISC, MIT\n');
    expect(lists).toContain('  m 1.0.0: MPL-2.0');
  });

  test('leave out what is a tool of ours', () => {
    const lock = {
      packages: {
        '': {},
        'node_modules/x': { license: 'GPL-3.0', dev: true },
        'node_modules/@a/y': { version: '2', license: 'MIT' },
      },
    };
    expect(npmPackages(lock)).toEqual([{ name: '@a/y', version: '2', licence: 'MIT' }]);
  });

  test('fail for a module without a recorded licence, and list no removed module', () => {
    expect(() => goModules('require (\n\tevil.example/new v1.0.0\n)')).toThrow('evil.example/new');
    expect(
      goModules()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(moduleLicences).sort());
  });

  test.runIf(hasGo)('say of each module of wa-bridge what its own text says', () => {
    const format = '{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}';
    const options = { cwd: daemonFolder(), env: goEnvironment(), encoding: 'utf8' } as const;
    const listed = execFileSync('go', ['list', '-deps', '-f', format, './cmd/wa-bridge'], options);
    const modules = [...new Set(listed.split('\n').filter(Boolean))].map((line) => line.split('\t'));
    expect(modules.length).toBeGreaterThan(20);
    for (const [name = '', folder = ''] of modules) {
      expect(licenceIn(folder).replace(/\s+/g, ' '), name).toMatch(
        marks[moduleLicences[name] ?? ''] ?? /no licence is known/,
      );
    }
  });
});
