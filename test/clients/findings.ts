/** The results of the clients, printed as they arrive and counted. */
export class Findings {
  passed = 0;
  failed = 0;
  /** One line each. */
  readonly skipped: string[] = [];

  /** Runs one check; an error becomes a finding. */
  async check(name: string, work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
      this.passed++;
      console.log(`ok       ${name}`);
    } catch (error) {
      this.failed++;
      console.log(`FAILED   ${name}\n${indented(error instanceof Error ? error.message : String(error))}`);
    }
  }

  /** Prints what could not be checked. */
  skip(name: string, reason: string): void {
    this.skipped.push(`*** SKIPPED *** ${name}: ${reason}`);
    console.log(this.skipped.at(-1));
  }

  /** The last line, which .ci/run reads. */
  get summary(): string {
    return `clients: ${this.passed} passed, ${this.failed} failed, ${this.skipped.length} skipped`;
  }
}

function indented(text: string): string {
  return text
    .slice(0, 4_000)
    .split('\n')
    .map((line) => `         ${line}`)
    .join('\n');
}
