import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { daemonFolder, goEnvironment } from '../bridges/whatsmeow/build.ts';

const line = `\n${'-'.repeat(80)}\n\n`;

/** The licence texts of every package in the bundle, which the licences require in copies. */
export function bundledLicences(root: string, metafile: Metafile): string {
  const folders = new Set(Object.keys(metafile.inputs).flatMap((input) => packageFolder(input) ?? []));
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return `${name} ${version} (${license})\n\n${licenceIn(join(root, folder))}\n`;
    })
    .join(line);

  function packageFolder(input: string): string | undefined {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    return folder !== undefined && existsSync(join(root, folder, 'package.json')) ? folder : undefined;
  }
}

/** The licence texts of every Go module in wa-bridge for a platform. Needs a Go toolchain and the modules. */
export function daemonLicences(goos: string, goarch: string): string {
  const format = '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}';
  const options = { cwd: daemonFolder(), env: goEnvironment(goos, goarch), encoding: 'utf8' } as const;
  const listed = execFileSync('go', ['list', '-deps', '-f', format, './cmd/wa-bridge'], options);
  return [...new Set(listed.split('\n').filter(Boolean))]
    .sort()
    .map((module) => {
      const [name, folder = ''] = module.split('\t');
      return `${name}\n\n${licenceIn(folder)}\n`;
    })
    .join(line);
}

/** The licence text of a package or module. */
export function licenceIn(folder: string): string {
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  return file === undefined ? '(the package holds no licence text)' : readFileSync(join(folder, file), 'utf8').trim();
}
