import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { ItemRun } from '../run/ItemRun';
import type { ImageOutput } from './imageOutput';

/**
 * What an item with a file tells of a link to it. An agent sees no binary data: it always gets a link
 * that it can hand on, n8n's own where the user did not ask for the service's.
 * @param link the service's own, where it told one
 */
export function pictureLink(
	run: ItemRun,
	kind: ImageOutput['kind'],
	file: IBinaryData,
	link: string | undefined,
): IDataObject {
	if (!run.isTool) return kind === 'both' ? { url: link ?? null } : {};
	const signed = signedUrl(run, file);
	return { url: (kind === 'both' ? (link ?? signed) : (signed ?? link)) ?? null };
}

/** A URL of n8n that needs no login, for a day. Files kept in the execution itself have none. */
function signedUrl({ context }: ItemRun, file: IBinaryData): string | undefined {
	return file.id === undefined ? undefined : context.helpers.createBinarySignedUrl(file);
}
