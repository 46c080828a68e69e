import type { ModelKind } from '../../providers/options';
import type { ProviderName } from './openProvider';

/** The model that is asked when none is chosen. */
export const DEFAULT_MODELS: Record<ModelKind, Record<ProviderName, string>> = {
	chat: { aiChats: 'gpt-4', openAiCompatible: 'gpt-4o-mini' },
	image: { aiChats: 'dalle', openAiCompatible: 'gpt-image-1' },
};
