import type { Simulator } from '../../../src/simulator/simulator.ts';

export interface LiveLoad {
  /** Ends it; resolves with the ids of all messages once they stand in the queue of every linked device. */
  stop(): Promise<string[]>;
}

/** People write so many messages a second, each when it is due, whatever has become of those before. */
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
