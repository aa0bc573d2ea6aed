import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownPackage, packageRoot } from '../src/package.ts';
import { type SettingKind, type SettingName, settings } from '../src/settings.ts';
import { catalog } from '../src/tools/catalog.ts';
import { firstSentence } from './first-sentence.ts';

const schema = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

interface Published {
  mcpName: string;
  license: string;
  keywords: string[];
  engines: { node: string };
}

function published(): Published {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as Published;
}

const named = Object.keys(settings) as SettingName[];

/** The entry for the MCP registry: how to install and start the npm package, and its variables. */
export function serverJson(): object {
  const { name, version, description } = ownPackage();
  return {
    $schema: schema,
    name: published().mcpName,
    title: 'WhatsApp',
    description,
    version,
    packages: [
      {
        registryType: 'npm',
        registryBaseUrl: 'https://registry.npmjs.org',
        identifier: name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        packageArguments: [{ type: 'positional', value: 'serve' }],
        environmentVariables: named.map((setting) => ({
          name: setting,
          description: `${settings[setting].description} Default: ${settings[setting].shown}.`,
          isRequired: false,
          isSecret: false,
          ...registryFormat(settings[setting].takes),
        })),
      },
    ],
  };
}

function registryFormat(takes: SettingKind): object {
  if ('choices' in takes) return { format: 'string', choices: takes.choices };
  if ('folder' in takes || 'file' in takes) return { format: 'filepath' };
  return { format: 'min' in takes ? 'number' : 'string' };
}

/** The platform of a bundle: its native code fits one system and one version of Node. */
export interface Target {
  platform: string;
  arch: string;
  nodeMajor: number;
}

/** The manifest for clients that install bundles. Paths are relative to the bundle. */
export function bundleManifest({ platform, arch, nodeMajor }: Target): object {
  const { name, version, description } = ownPackage();
  return {
    manifest_version: '0.3',
    name,
    display_name: 'WhatsApp',
    version,
    description,
    long_description: `${description} This bundle is for ${platform} on ${arch} with Node ${nodeMajor}, whose native code it holds; elsewhere install the npm package. It contains libsignal and whatsapp-rust-bridge, so as a whole it is under GPL-3.0 and AGPL-3.0: see NOTICE. Its sources are under source/.`,
    author: { name: `${name} authors` },
    license: 'GPL-3.0-only AND AGPL-3.0-only',
    keywords: published().keywords,
    server: {
      type: 'node',
      entry_point: 'dist/main.js',
      mcp_config: {
        command: 'node',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the client fills this in
        args: ['${__dirname}/dist/main.js', 'serve'],
        env: Object.fromEntries(named.map((setting) => [setting, `\${user_config.${configKey(setting)}}`])),
      },
    },
    tools: catalog.map((tool) => ({ name: tool.name, description: firstSentence(tool.description) })),
    prompts_generated: true,
    compatibility: { platforms: [platform], runtimes: { node: `^${nodeMajor}` } },
    user_config: Object.fromEntries(named.map((setting) => [configKey(setting), userConfig(setting)])),
  };
}

const configKey = (setting: SettingName): string => setting.replace('WHATSAPP_', '').toLowerCase();

function userConfig(setting: SettingName): object {
  const { takes, description, shown }: { takes: SettingKind; description: string; shown: string } = settings[setting];
  const choices = 'choices' in takes ? ` One of: ${takes.choices.join(', ')}.` : '';
  return {
    title: sentenceCase(configKey(setting).replaceAll('_', ' ')),
    description: `${description}${choices} Default: ${shown}.`,
    required: false,
    ...configType(takes),
  };
}

function configType(takes: SettingKind): object {
  if ('folder' in takes) return { type: 'directory' };
  if ('file' in takes) return { type: 'file' };
  return 'min' in takes ? { type: 'number', min: takes.min, max: takes.max } : { type: 'string' };
}

const sentenceCase = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
