import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildBridge } from '../../../bridges/whatsmeow/build.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { atEnd } from '../at-end.ts';
import { temporaryDir } from '../e2e/program.ts';

/**
 * A command for the device, in the library's terms: `target` is a message, `author` is its author if that is another
 * person.
 */
export interface WriterOrder {
  do: 'text' | 'edit' | 'revoke' | 'react' | 'poll' | 'vote' | 'read';
  chat: string;
  /** Id of the new message; the library generates one by default. */
  id?: string;
  text?: string;
  target?: string;
  author?: string;
  options?: readonly string[];
}

/** A line of the device's output. */
type WriterLine = { event: string } & Record<string, unknown>;

/** A linked device that writes through the unmodified whatsmeow. */
export class SimWriter {
  private readonly lines: WriterLine[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly tell: (line: string) => void;
  private lane: Promise<unknown> = Promise.resolve();

  private constructor(tell: (line: string) => void) {
    this.tell = tell;
  }

  /** Links a new device of the account; resolves when it is ready and has received the history's notifications. */
  static async link(simulator: Simulator): Promise<SimWriter> {
    const binary = await buildBridge({ command: 'sim-writer', simulator: true });
    if (binary === undefined) throw new Error('There is no Go: use describeWaBridge.');
    const flags = ['--simulator', simulator.url, '--sessions', join(temporaryDir(), 'sessions.db')];
    const child = spawn(binary, flags, { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    atEnd(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const writer = new SimWriter((line) => child.stdin.write(`${line}\n`));
    createInterface(child.stdout).on('line', (line) => writer.heard(JSON.parse(line)));
    void ended.then(() => writer.heard({ event: 'ended', stderr: said }));
    const { code } = await writer.next(({ event }) => event === 'qr');
    await simulator.scan(String(code));
    await writer.next(({ event }) => event === 'connected');
    await simulator.idle();
    return writer;
  }

  /** Runs one command at a time; resolves with the library's answer, rejects when that is an error. */
  order(one: WriterOrder): Promise<WriterLine> {
    const done = this.lane.then(async () => {
      const from = this.lines.length;
      this.tell(JSON.stringify(one));
      const line = await this.next(({ event }) => event === 'done' || event === 'failed', from);
      if (line.event === 'failed') throw new Error(`the library did not ${one.do}: ${String(line['error'])}`);
      return line;
    });
    this.lane = done.catch(() => undefined);
    return done;
  }

  /** The first matching line from the given index on. Rejects when the program ends without one. */
  async next(isMeant: (line: WriterLine) => boolean, from = 0): Promise<WriterLine> {
    for (;;) {
      const found = this.lines.slice(from).find(isMeant);
      if (found) return found;
      const end = this.lines.find(({ event }) => event === 'ended');
      if (end) throw new Error(`sim-writer ended: ${String(end['stderr'])}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  private heard(line: WriterLine): void {
    this.lines.push(line);
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
