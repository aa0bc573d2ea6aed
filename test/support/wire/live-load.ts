import type { Simulator } from '../../../src/simulator/simulator.ts';

export interface LiveLoad {
  /** Stops it; resolves with the ids of all messages once they are in the queue of every linked device. */
  stop(): Promise<string[]>;
}

/** People write this many messages a second, each when it is due, whatever happened to earlier ones. */
export function startLiveLoad(simulator: Simulator, perSecond: number): LiveLoad {
  const people = simulator.world.people.flatMap(({ pn }) => (pn ? [pn] : [])).slice(0, 20);
  const sending: Promise<string>[] = [];
  const begun = performance.now();
  const sendWhatIsDue = () => {
    while (begun + (sending.length * 1000) / perSecond <= performance.now()) {
      const from = people[sending.length % people.length] as string;
      sending.push(simulator.sendText(`line ${sending.length} of a busy day`, { from }));
    }
  };
  const timer = setInterval(sendWhatIsDue, 2);
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.all(sending);
    },
  };
}
