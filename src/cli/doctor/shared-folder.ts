import { readdirSync, realpathSync, statfsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Check, ok, warn } from './check.ts';
import { existing } from './files.ts';

/** A program that copies folders to other machines: names of its folders, and of files that it keeps in them. */
interface SyncProgram {
  title: string;
  folder?: RegExp;
  marker?: RegExp;
}

const programs: readonly SyncProgram[] = [
  { title: 'Dropbox', folder: /^Dropbox( \(.*\))?$/i, marker: /^\.dropbox(\.cache)?$/ },
  { title: 'OneDrive', folder: /^OneDrive( - .*|-.*)?$/i },
  { title: 'iCloud Drive', folder: /^(Mobile Documents|iCloud ?Drive)$/i },
  { title: 'Google Drive', folder: /^(Google ?Drive(-.*)?|My Drive)$/i, marker: /^\.tmp\.drive(up|down)load$/ },
  {
    title: 'Nextcloud',
    folder: /^(Nextcloud|ownCloud)$/i,
    marker: /^(\.?_sync_.*\.db|\.sync_.*\.db|\.(nextcloud|owncloud)sync\.log)$/,
  },
  { title: 'Syncthing', marker: /^\.stfolder$/ },
  { title: 'Box', folder: /^Box( Sync|-Box)?$/ },
  { title: 'Proton Drive', folder: /^Proton ?Drive(-.*)?$/i },
  { title: 'pCloud', folder: /^pCloud ?Drive$/i },
  { title: 'MEGA', folder: /^MEGA( downloads)?$/, marker: /^\.megaignore$/ },
  { title: 'a cloud drive', folder: /^CloudStorage$/ },
];

/** File systems of other machines by the number that Linux gives them (`man statfs`). */
const networks: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x01021997, 'a drive of Windows or of a host (9P)'],
  [0x65735543, 'a FUSE drive'],
  [0x65735546, 'a FUSE drive'],
]);

/** The folder and those above it, from the outside in. */
function waysTo(folder: string): string[] {
  return dirname(folder) === folder ? [folder] : [...waysTo(dirname(folder)), folder];
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a folder above may be closed to this user
  }
}

/** The program that copies this folder elsewhere, as far as names tell; undefined for none. */
export function syncProgram(folder: string): string | undefined {
  const isOf = (path: string) => {
    const name = basename(path);
    const inside = names(path);
    return ({ folder: own, marker }: SyncProgram) =>
      own?.test(name) === true || (marker !== undefined && inside.some((one) => marker.test(one)));
  };
  for (const path of waysTo(folder).reverse()) {
    const found = programs.find(isOf(path));
    if (found) return found.title;
  }
  return undefined;
}

/** Programs and machines that write a database at the same time damage it, and a copy elsewhere holds the keys. */
export const sharedFolder: Check = {
  name: 'shared folder',
  run({ config: { dataDir } }) {
    const folder = realpathSync(existing(dataDir));
    const program = syncProgram(folder);
    const advice = 'Move it to a folder of this machine alone and name that with --data-dir or WHATSAPP_DATA_DIR.';
    if (program !== undefined)
      return warn(
        `${program} copies this folder elsewhere, with your messages and keys, and may damage open files.`,
        advice,
      );
    const network = networks.get(statfsSync(folder).type);
    if (network !== undefined)
      return warn(`The folder lies on ${network}, where databases are easily damaged.`, advice);
    return ok('Only this machine has it, as far as its names tell.');
  },
};
