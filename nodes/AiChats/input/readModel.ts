import type { ModelKind } from '../../../providers/options';
import { DEFAULT_MODELS } from '../../shared/defaultModels';
import type { ItemRun } from '../run/ItemRun';

/** The model's ID, from whichever mode of the field; the default of the provider when it is empty. */
export function readModel(run: ItemRun, kind: ModelKind): string {
	const chosen = run.parameter<unknown>('model', '', { extractValue: true }) ?? '';
	return String(chosen).trim() || DEFAULT_MODELS[kind][run.providerName];
}
