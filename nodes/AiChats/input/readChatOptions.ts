import type { GenerateOptions, ResponseFormat } from '../../../providers/options';
import { type ChatFields, readGenerateOptions } from '../../shared/readGenerateOptions';
import type { ItemRun } from '../run/ItemRun';

/** What a chat request says besides its messages. */
export function readChatOptions(run: ItemRun, responseFormat: ResponseFormat): GenerateOptions {
	const options = readGenerateOptions(run, run.options<ChatFields>());
	return { ...options, signal: run.signal, chat: { ...options.chat, responseFormat } };
}
