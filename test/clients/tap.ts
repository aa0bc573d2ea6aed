// Relays and reports the traffic of a client and a server: `tap.ts SOCKET COMMAND ARGS…`.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';

const [, , socket = '', command = '', ...args] = process.argv;
const reports = connect(socket);
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });

/** Relays the stream and reports it line by line. */
function pass(from: 'client' | 'server', source: Readable, target: Writable): void {
  let rest = '';
  const report = (line: string) => reports.write(`${JSON.stringify({ from, line })}\n`);
  source.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) report(line);
    target.write(text);
  });
  source.on('end', () => rest !== '' && report(rest));
}

pass('client', process.stdin, child.stdin);
pass('server', child.stdout, process.stdout);
process.stdin.on('end', () => child.stdin.end());
child.stdin.on('error', () => {});
process.stdout.on('error', () => child.stdin.end());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('close', (code) => reports.end(() => process.exit(code ?? 1)));
