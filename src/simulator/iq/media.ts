import { node } from '../wire/node.ts';
import type { IqHandlers } from './handler.ts';

/** Requests for the media hosts for download and upload. */
export const media: IqHandlers = {
  'w:m/set/media_conn': ({ context }) => ({
    content: [
      node('media_conn', { auth: 'sim', ttl: 3600, auth_ttl: 3600, max_buckets: 12 }, [
        node('host', { hostname: context.mediaHost }),
      ]),
    ],
  }),
};
