import type { INodeParameters } from 'n8n-workflow';

/** The node's parameters, as the editor would save them: what is not named has its default. */
type Parameters = (prompt: string, more?: INodeParameters) => INodeParameters;

export const chat: Parameters = (prompt, more) => ({ operation: 'chat', prompt, ...more });

export const image: Parameters = (prompt, more) => ({
	operation: 'image',
	// Small, so that drawing and comparing take no time; a prompt's own size comes first.
	prompt: `${prompt} [[size width=48 height=32]]`,
	...more,
});

export const openAiChat: Parameters = (prompt, more) =>
	chat(prompt, { provider: 'openAiCompatible', ...model('gpt-4o-mini'), ...more });

export const openAiImage: Parameters = (prompt, more) =>
	image(prompt, { provider: 'openAiCompatible', ...model('gpt-image-1'), ...more });

/** These providers have no default model, so that one is always named. */
export function model(id: string, mode = 'id'): INodeParameters {
	return { model: { __rl: true, mode, value: id } };
}

/** No second tries: what is looked at is the first. */
export const once = { maxRetries: 0 };
