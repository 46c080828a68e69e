import type { ItemRun } from '../run/ItemRun';

/** The model's ID, from whichever mode of the field. */
export function readModel(run: ItemRun): string {
	return String(run.parameter<unknown>('model', '', { extractValue: true }) ?? '').trim();
}
