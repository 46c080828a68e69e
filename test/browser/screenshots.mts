import path from 'node:path';

import { EVIDENCE } from '../n8n/useLab.mts';

const LOOKED_AT = path.join(EVIDENCE, 'screenshots');
/** Where those go that the README shows: `--screenshots` names another folder than that of the others. */
const SHOWN = path.resolve(process.env['AICHATS_SCREENSHOTS'] || LOOKED_AT);

/** File of an image that the README shows. */
export function shown(name: string): string {
	return path.join(SHOWN, name);
}

/** File of an image that is only looked at. */
export function lookedAt(name: string): string {
	return path.join(LOOKED_AT, name);
}
